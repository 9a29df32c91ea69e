//! `cargo xtask up`: everything, on a fresh machine, in one command.

use std::{collections::BTreeSet, time::Duration};

use anyhow::{Context, bail};
use serde_json::Value;
use stack::{Compose, Topology, until, workspace_root};
use tokio::{
    signal::unix::{SignalKind, signal},
    sync::Mutex,
};

use crate::{docker, tools};

/// What can be chosen.
#[derive(clap::Args)]
pub struct Options {
    #[command(flatten)]
    native_options: stack::up::Options,

    /// Run servers as processes of this machine, even if a Docker engine answers
    #[arg(long, conflicts_with = "docker")]
    native: bool,

    /// Run containers, and fail if no Docker engine answers
    #[arg(long)]
    docker: bool,
}

/// Starts everything, follows its logs until Ctrl-C, and ends everything.
pub async fn run(options: &Options) -> anyhow::Result<()> {
    let found = docker::ensure_available();
    match found {
        Ok(()) if !options.native => {
            println!(
                "Using Docker Compose, because a Docker engine answers. (Without it: --native)"
            );
            with_docker(&options.native_options).await
        }
        Err(reason) if options.docker => Err(reason),
        Err(reason) if !options.native => {
            println!("Using processes of this machine, because Docker cannot be used: {reason}.");
            natively(&options.native_options).await
        }
        _ => {
            println!("Using processes of this machine, as you asked with --native.");
            natively(&options.native_options).await
        }
    }
}

async fn natively(options: &stack::up::Options) -> anyhow::Result<()> {
    tools::run()?;
    stack::up::run(options).await
}

async fn with_docker(options: &stack::up::Options) -> anyhow::Result<()> {
    let port = options.port.unwrap_or(80);
    let compose = Compose::new(&workspace_root(), None, port);
    let scales: Vec<String> = options
        .scale
        .iter()
        .flat_map(|(service, count)| ["--scale".to_owned(), format!("{service}={count}")])
        .collect();
    let mut interrupt = signal(SignalKind::interrupt()).context("cannot listen for signals")?;
    let mut terminate = signal(SignalKind::terminate()).context("cannot listen for signals")?;

    let started = async {
        let mut up = compose.command(&["up", "--build", "--detach", "--wait"]);
        up.args(&scales);
        let status = up.kill_on_drop(true).status().await?;
        if !status.success() {
            bail!(
                "docker compose up ended with {status}; if port {port} is taken, choose another with --port, and if images cannot be pulled, try --native"
            );
        }
        let replicas = options
            .scale
            .iter()
            .rev()
            .find(|(service, _)| service == "webserver");
        answers(port, replicas.map_or(1, |(_, count)| *count)).await
    };
    // Ctrl-C goes to Compose too, which then ends by itself. What it had started is ended below.
    let outcome = tokio::select! {
        started = started => started,
        _ = interrupt.recv() => Ok(()),
        _ = terminate.recv() => Ok(()),
    };
    if outcome.is_ok() {
        announce(port)?;
        let mut logs = compose.command(&["logs", "--follow", "--tail=20"]);
        let mut logs = logs
            .kill_on_drop(true)
            .spawn()
            .context("cannot follow the logs")?;
        tokio::select! {
            _ = logs.wait() => {}
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    }
    println!("\nStopping everything.");
    compose.down().await?;
    println!("Everything has stopped.");
    outcome
}

/// Waits until as many replicas as there shall be have answered through Traefik.
async fn answers(port: u16, replicas: usize) -> anyhow::Result<()> {
    let client = reqwest::Client::builder()
        .timeout(Duration::from_secs(5))
        .build()?;
    let url = format!("http://127.0.0.1:{port}/api/whoami");
    let answered = Mutex::new(BTreeSet::new());
    until(
        "an answer of every replica through Traefik",
        Duration::from_secs(60),
        async || {
            let request = client.get(&url).header("host", "webserver.localhost");
            let response = request.send().await.map_err(|error| error.to_string())?;
            let status = response.status();
            let text = response.text().await.map_err(|error| error.to_string())?;
            let body: Value =
                serde_json::from_str(&text).map_err(|_| format!("{status}: {text}"))?;
            let mut answered = answered.lock().await;
            answered.insert(body["replica"].to_string());
            if answered.len() >= replicas {
                Ok(())
            } else {
                Err(format!("only {answered:?} answered"))
            }
        },
    )
    .await
}

fn announce(port: u16) -> anyhow::Result<()> {
    let port = if port == 80 {
        String::new()
    } else {
        format!(":{port}")
    };
    println!("\nEverything is ready:");
    for host in docker::hosts(&Topology::load(&workspace_root())?) {
        println!("  http://{host}{port}/");
    }
    println!(
        "  If a name is not found: curl -H 'Host: webserver.localhost' http://127.0.0.1{port}/"
    );
    println!("Ctrl-C ends it.\n");
    Ok(())
}
