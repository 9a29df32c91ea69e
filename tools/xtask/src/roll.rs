//! `cargo xtask roll`: a rolling deploy of the system that runs, natively or with Docker Compose.

use std::{process::Command, time::Duration};

use anyhow::{Context, bail};
use course::process;
use serde_json::Value;
use stack::{Topology, until, workspace_root};
use tokio::task::block_in_place;

use crate::docker::{self, Compose};

/// How long a new container may take until it is healthy and gets requests.
const ROUTED_WITHIN: Duration = Duration::from_secs(60);

/// Finds out what runs, and replaces its replicas.
pub async fn run() -> anyhow::Result<()> {
    let root = workspace_root();
    if stack::roll::ask(&root)? {
        println!("The system that runs natively replaces its replicas, and tells each step there.");
        return Ok(());
    }
    let nothing = "nothing runs here; start it in another terminal: cargo xtask up";
    if docker::ensure_available().is_err() {
        bail!(nothing);
    }
    let port = published_port(&Compose::new(&root, None, 80))
        .ok()
        .context(nothing)?;
    let compose = Compose::new(&root, None, port);
    let topology = Topology::load(&root)?;
    for service in topology.built_services() {
        println!("Building {service}. If that fails, every replica stays as it is.");
        build(&compose, service)?;
    }
    for service in topology.built_services() {
        replace(&compose, service).await?;
    }
    println!("Every replica is a new one.");
    Ok(())
}

/// Builds the image of `service` anew. Containers that run stay as they are.
pub fn build(compose: &Compose, service: &str) -> anyhow::Result<()> {
    block_in_place(|| process::read(&mut compose.command(&["build", service]))).map(drop)
}

/// Replaces every container of `service`, the oldest first.
///
/// These are plain commands that anybody can type. First one more container is started, of the image that was built last. Only when
/// Traefik sends requests to it, an old one is stopped, which leaves the routes before it stops serving.
pub async fn replace(compose: &Compose, service: &str) -> anyhow::Result<()> {
    let old = containers(compose, service)?;
    for leaving in &old {
        let known = containers(compose, service)?;
        let scale = format!("{service}={}", known.len() + 1);
        let mut up = compose.command(&["up", "--detach", "--no-deps", "--no-recreate"]);
        up.args(["--scale", &scale, service]);
        block_in_place(|| process::read(&mut up))?;
        let now = containers(compose, service)?;
        let coming = now.iter().find(|container| !known.contains(container));
        let coming = coming.context("Compose has started no container more")?;
        println!("{} has started.", short(coming));
        if let Err(error) = is_routed(compose, service, coming).await {
            remove(coming)?;
            let (coming, leaving) = (short(coming), short(leaving));
            return Err(error.context(format!("{coming} was ended again, and {leaving} stays")));
        }
        println!(
            "{} gets requests, so {} leaves.",
            short(coming),
            short(leaving)
        );
        block_in_place(|| remove(leaving))?;
        println!("{} has ended.", short(leaving));
    }
    Ok(())
}

/// The port that Traefik is really published on, whatever it was when this command was typed.
fn published_port(compose: &Compose) -> anyhow::Result<u16> {
    let address = process::read(&mut compose.command(&["port", "traefik", "8000"]))?;
    let port = address.rsplit(':').next().unwrap_or_default().parse();
    port.with_context(|| format!("Traefik is published on {address:?}"))
}

/// The ids of a service's running containers, the oldest first.
pub fn containers(compose: &Compose, service: &str) -> anyhow::Result<Vec<String>> {
    let ids = process::read(&mut compose.command(&["ps", "--quiet", "--no-trunc", service]))?;
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut created = Command::new("docker");
    created.args(["inspect", "--format", "{{.Created}} {{.Id}}"]);
    let created = process::read(created.args(ids.lines()))?;
    // The time comes first in each line, in a form that sorts.
    let mut created: Vec<&str> = created.lines().collect();
    created.sort_unstable();
    let ids = created.iter().filter_map(|line| line.split(' ').nth(1));
    Ok(ids.map(str::to_owned).collect())
}

/// Stops a container with SIGTERM, waits for its grace period at the most, and removes it.
fn remove(container: &str) -> anyhow::Result<()> {
    process::read(Command::new("docker").args(["stop", container]))?;
    process::read(Command::new("docker").args(["rm", container])).map(drop)
}

/// Waits until a container has got a request through Traefik. Its host name, which its answers tell, is the beginning
/// of its id.
async fn is_routed(compose: &Compose, service: &str, container: &str) -> anyhow::Result<()> {
    let client = reqwest::Client::builder()
        .timeout(Duration::from_secs(5))
        .build()?;
    let url = format!("http://127.0.0.1:{}/api/whoami", compose.port());
    let host = format!("{service}.localhost");
    let name = short(container);
    until(&format!("routing to {name}"), ROUTED_WITHIN, async || {
        let health = block_in_place(|| health(container));
        let health = health.map_err(|error| format!("{error:#}"))?;
        if health != "healthy" {
            return Err(format!("it is {health}"));
        }
        let answer = client.get(&url).header("host", &host).send().await;
        let answer = answer.map_err(|error| error.to_string())?;
        let body: Value = answer.json().await.map_err(|error| error.to_string())?;
        if body["host"] == name {
            Ok(())
        } else {
            Err(format!("{} answers", body["host"]))
        }
    })
    .await
}

fn health(container: &str) -> anyhow::Result<String> {
    let format = "{{.State.Status}} {{if .State.Health}}{{.State.Health.Status}}{{end}}";
    let state =
        process::read(Command::new("docker").args(["inspect", "--format", format, container]))?;
    Ok(state.trim_start_matches("running ").to_owned())
}

fn short(container: &str) -> &str {
    container.get(..12).unwrap_or(container)
}
