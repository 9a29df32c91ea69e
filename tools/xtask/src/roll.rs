//! `cargo xtask roll`: a rolling deploy of the system that runs, natively or with Docker Compose.

use anyhow::{Context, bail};
use stack::{Compose, Topology, workspace_root};

use crate::docker;

/// Finds out what runs, and replaces its replicas.
pub async fn run() -> anyhow::Result<()> {
    let root = workspace_root();
    if stack::ask_to_roll(&root)? {
        println!("The system that runs natively replaces its replicas, and tells each step there.");
        return Ok(());
    }
    let nothing = "nothing runs here; start it in another terminal: cargo xtask up";
    if docker::ensure_available().is_err() {
        bail!(nothing);
    }
    let compose = Compose::new(&root, None, 80).at_its_port().await;
    let mut compose = compose
        .ok()
        .context(nothing)?
        .watch(|step| println!("{step}"));
    let topology = Topology::load(&root)?;
    for service in topology.built_services() {
        println!("Building {service}. If that fails, every replica stays as it is.");
        compose.build(service).await?;
    }
    for service in topology.built_services() {
        compose.roll(service).await?;
    }
    println!("Every replica is a new one.");
    Ok(())
}
