//! What is asked of Docker: whether it is there, and what it holds.

use std::{path::Path, process::Command};

use anyhow::{Context, bail};
use course::process;
use stack::{Topology, docker_only, workspace_root};

/// Says why Docker cannot be used here, if it cannot.
pub fn ensure_available() -> anyhow::Result<()> {
    if !process::succeeds("docker", &["--version"]) {
        bail!("Docker is not installed; see https://docs.docker.com/engine/install/");
    }
    if !process::succeeds("docker", &["compose", "version"]) {
        bail!("Docker has no Compose plugin; see https://docs.docker.com/compose/install/");
    }
    if !process::succeeds("docker", &["info"]) {
        bail!("no Docker engine answers; start Docker Desktop, or: sudo systemctl start docker");
    }
    Ok(())
}

/// Copies one file out of the image of a service, without running it.
pub fn copy_from_image(service: &str, file: &str, target: &Path) -> anyhow::Result<()> {
    ensure_available()?;
    let topology = Topology::load(&workspace_root())?;
    // The image is named in the compose file, and only there.
    let named = topology
        .foreign_services()
        .find(|(name, _)| *name == service);
    let image = named.and_then(|(_, service)| service.image());
    let image =
        image.with_context(|| format!("docker-compose.yml names no image for {service}"))?;
    let container = process::read(Command::new("docker").args(["create", image]))?;
    let container = container.trim();
    let copied = process::read(
        Command::new("docker")
            .arg("cp")
            .arg(format!("{container}:{file}"))
            .arg(target),
    );
    process::read(Command::new("docker").args(["rm", container]))?;
    copied.map(drop)
}

/// The hosts that Traefik routes: the services that register, then the user interfaces.
pub fn hosts(topology: &Topology) -> Vec<String> {
    let routed = topology.built_services().filter(|name| {
        let service = topology.built_service(name);
        service.is_ok_and(|service| !service.is_published())
    });
    routed
        .map(str::to_owned)
        .chain(interfaces(topology))
        .map(|name| format!("{name}.localhost"))
        .collect()
}

/// The servers that have a user interface. What is called NAME-viewer shows NAME.
pub fn interfaces(topology: &Topology) -> impl Iterator<Item = String> {
    let viewed = docker_only(topology).filter_map(|name| name.strip_suffix("-viewer"));
    ["traefik", "consul"]
        .into_iter()
        .chain(viewed)
        .map(str::to_owned)
}
