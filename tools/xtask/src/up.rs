//! `cargo xtask up`: everything, on a fresh machine, in one command.

use std::{collections::BTreeSet, process::Stdio, time::Duration};

use anyhow::{Context, bail};
use nix::{
    sys::signal::{Signal, killpg},
    unistd::Pid,
};
use serde_json::Value;
use stack::{
    Autoscaler, Compose, Console, Stop, Topology, http_client, let_containers_read, until,
    web_port, workspace_root,
};
use tokio::{process::Child, sync::Mutex, task::spawn_blocking, time::timeout};

use crate::{docker, tools};

/// How long Docker may take to end what it has begun.
const ENDED_WITHIN: Duration = Duration::from_secs(20);

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

/// Starts everything, follows its logs until it is told to stop, and ends everything.
pub async fn run(options: Options) -> anyhow::Result<()> {
    let mut stop = Stop::listen()?;
    let console = stop.console();
    for (service, _) in &options.native_options.scale {
        Topology::load(&workspace_root())?.built_service(service)?;
    }
    let Options {
        native_options,
        native,
        docker,
    } = options;
    // What is looked for and installed blocks its thread; meanwhile this one can be told to stop.
    let engine = spawn_blocking(move || engine(native, docker));
    let engine = tokio::select! {
        engine = engine => engine??,
        () = stop.wait() => {
            console.say("\nEnded before anything was started.");
            // The thread cannot be stopped, and would be waited for.
            std::process::exit(130);
        }
    };
    match engine {
        Engine::Docker => with_docker(&native_options, stop).await,
        Engine::Native => stack::up::run(&native_options, stop).await,
    }
}

/// What runs the system.
enum Engine {
    Docker,
    Native,
}

/// Decides for an engine, says why, and fetches what it needs.
fn engine(native: bool, docker: bool) -> anyhow::Result<Engine> {
    let found = if native {
        Err(None)
    } else {
        docker::ensure_available().map_err(Some)
    };
    match found {
        Ok(()) => {
            eprintln!(
                "Using Docker Compose, because a Docker engine answers. (Without it: --native)"
            );
            return Ok(Engine::Docker);
        }
        Err(Some(reason)) if docker => return Err(reason),
        Err(Some(reason)) => eprintln!(
            "Using processes of this machine, because Docker cannot be used: {}.",
            telemetry::one_line(&reason)
        ),
        Err(None) => eprintln!("Using processes of this machine, as you asked with --native."),
    }
    tools::run()?;
    Ok(Engine::Native)
}

async fn with_docker(options: &stack::up::Options, mut stop: Stop) -> anyhow::Result<()> {
    let root = workspace_root();
    let console = stop.console();
    let port = web_port(&root, options.port)?.unwrap_or(80);
    if answers_before(port) {
        bail!(
            "another program listens on port {port} of [::1], which is asked first for names in .localhost; choose another with --port"
        );
    }
    let_containers_read(&root)?;
    let mut compose = Compose::new(&root, None, port);
    let mut command = compose.command(&["up", "--build", "--detach", "--wait"]);
    for (service, count) in &options.scale {
        command.args(["--scale", &format!("{service}={count}")]);
    }
    let mut up = Group::spawn(&mut command)?;
    let started = tokio::select! {
        started = started(&mut up, port, options) => Some(started),
        () = stop.wait() => None,
    };
    up.end().await?;
    if let Some(Ok(())) = started {
        announce(port, &console)?;
        let mut logs = compose.command(&["logs", "--follow", "--tail=20"]);
        let mut logs = logs
            .kill_on_drop(true)
            .spawn()
            .context("cannot follow the logs")?;
        let mut autoscaler = Autoscaler::new(&options.autoscale, &compose.address(), &console)?;
        tokio::select! {
            () = compose.autoscale(&mut autoscaler, &root) => {}
            // They end when nobody reads them any more, and when nothing runs that writes any.
            _ = logs.wait() => {}
            () = stop.wait() => {}
        }
    }
    console.say("\nStopping everything.");
    compose.down().await?;
    console.say("Everything has stopped.");
    started.unwrap_or(Ok(()))
}

/// Waits until Docker has built and started everything, and every replica answers.
async fn started(up: &mut Group, port: u16, options: &stack::up::Options) -> anyhow::Result<()> {
    let status = up.0.wait().await?;
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
}

/// Whether another program would get what browsers and curl ask: they go to [::1] first. Docker publishes the port on 127.0.0.1
/// only.
fn answers_before(port: u16) -> bool {
    std::net::TcpStream::connect((std::net::Ipv6Addr::LOCALHOST, port)).is_ok()
}

/// A command in a process group of its own.
///
/// Ctrl-C in a terminal goes to a whole group. Docker would get it together with this process, and its failure could come before
/// the signal. So it is told from here, with all that it has started.
struct Group(Child);

impl Group {
    fn spawn(command: &mut tokio::process::Command) -> anyhow::Result<Group> {
        let child = command.process_group(0).stdin(Stdio::null()).spawn();
        Ok(Group(child.context("cannot start docker")?))
    }

    /// Ends what has not ended yet, and waits for it: what is still being started cannot be taken down.
    async fn end(&mut self) -> anyhow::Result<()> {
        for signal in [Signal::SIGINT, Signal::SIGKILL] {
            let Some(id) = self.0.id() else {
                return Ok(());
            };
            killpg(Pid::from_raw(i32::try_from(id)?), signal).context("cannot end docker")?;
            if timeout(ENDED_WITHIN, self.0.wait()).await.is_ok() {
                return Ok(());
            }
        }
        bail!("docker does not end")
    }
}

/// Waits until as many replicas as there shall be have answered through Traefik.
async fn answers(port: u16, replicas: usize) -> anyhow::Result<()> {
    let client = http_client(Duration::from_secs(5))?;
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

fn announce(port: u16, console: &Console) -> anyhow::Result<()> {
    let port = if port == 80 {
        String::new()
    } else {
        format!(":{port}")
    };
    console.say("\nEverything is ready:");
    for host in docker::hosts(&Topology::load(&workspace_root())?) {
        console.say(&format!("  http://{host}{port}/"));
    }
    console.say(&format!(
        "  If a name is not found: curl -H 'Host: webserver.localhost' http://127.0.0.1{port}/"
    ));
    console.say("Ctrl-C ends it.\n");
    Ok(())
}
