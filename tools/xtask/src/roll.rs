//! `cargo xtask roll`: a rolling deploy of the system that runs, natively or with Docker Compose.

use anyhow::{Context, bail};
use stack::{Compose, Topology, Turn, workspace_root};

use crate::docker;

/// What can be chosen.
#[derive(clap::Args)]
pub struct Options {
    /// The service, such as gameserver [default: all]
    service: Option<String>,
}

/// Finds out what runs, and replaces its replicas.
pub async fn run(options: &Options) -> anyhow::Result<()> {
    let root = workspace_root();
    let topology = Topology::load(&root)?;
    let services: Vec<&str> = match &options.service {
        Some(service) => {
            topology.built_service(service)?;
            vec![service]
        }
        None => topology.built_services().collect(),
    };
    if stack::ask_to_roll(&root, options.service.as_deref())? {
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
    for service in &services {
        println!("Building {service}. If that fails, every replica stays as it is.");
        compose.build(service).await?;
    }
    // Where somebody follows the matches with --autoscale, it waits meanwhile.
    let _turn = Turn::wait(&root).await?;
    for service in &services {
        compose.roll(service).await?;
    }
    println!("Every replica of {} is a new one.", services.join(" and "));
    Ok(())
}
