//! What is asked of Docker: whether it is there, and what it holds.

use std::{
    io,
    path::Path,
    process::{Command, Stdio},
    time::Duration,
};

use anyhow::{Context, bail};
use course::process;
use stack::{Topology, docker_only, workspace_root};
use wait_timeout::ChildExt;

/// How long Docker may take to say whether it is there. An engine that hangs never says it.
const PATIENCE: Duration = Duration::from_secs(10);

/// Says why Docker cannot be used here, if it cannot. Blocks its thread, each time for at most some seconds.
pub fn ensure_available() -> anyhow::Result<()> {
    let answers = |words: &[&str]| {
        let answer = ask(Command::new("docker").args(words), PATIENCE);
        answer.with_context(|| format!("`docker {}` failed", words.join(" ")))
    };
    if !answers(&["--version"]).unwrap_or(false) {
        bail!("Docker is not installed; see https://docs.docker.com/engine/install/");
    }
    if !answers(&["compose", "version"])? {
        bail!("Docker has no Compose plugin; see https://docs.docker.com/compose/install/");
    }
    if !answers(&["info"])? {
        bail!("no Docker engine answers; start Docker Desktop, or: sudo systemctl start docker");
    }
    Ok(())
}

/// Whether a command exits with 0. What it says is thrown away.
///
/// # Errors
/// When it cannot be started, or has not ended after `patience`.
fn ask(command: &mut Command, patience: Duration) -> io::Result<bool> {
    let command = command.stdin(Stdio::null());
    let mut child = command
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    if let Some(status) = child.wait_timeout(patience)? {
        return Ok(status.success());
    }
    child.kill()?;
    child.wait()?;
    let reason = format!("it has not ended after {patience:?}; is the Docker engine well?");
    Err(io::Error::new(io::ErrorKind::TimedOut, reason))
}

/// The image of a service. It is named in the compose file, and only there.
pub fn image(service: &str) -> anyhow::Result<String> {
    let topology = Topology::load(&workspace_root())?;
    let named = topology
        .foreign_services()
        .find(|(name, _)| *name == service);
    let image = named.and_then(|(_, service)| service.image());
    let image =
        image.with_context(|| format!("docker-compose.yml names no image for {service}"))?;
    Ok(image.to_owned())
}

/// Copies one file out of the image of a service, without running it.
pub fn copy_from_image(service: &str, file: &str, target: &Path) -> anyhow::Result<()> {
    ensure_available()?;
    let container = process::read(Command::new("docker").args(["create", &image(service)?]))?;
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

/// The hosts that Traefik routes: the services that register and have one to themselves, then the user interfaces.
pub fn hosts(topology: &Topology) -> Vec<String> {
    let routed = topology.built_services().filter(|name| {
        let service = topology.built_service(name);
        service.is_ok_and(|service| !service.is_published() && service.has_own_host())
    });
    routed
        .map(str::to_owned)
        .chain(interfaces(topology))
        .map(|name| format!("{name}.localhost"))
        .collect()
}

/// How many replicas the checks run of those services of which there may be several: three. A service that shares its host is one of them
/// if it says how many matches fit into it, because then players are led to each.
pub fn several(topology: &Topology) -> Vec<(&str, usize)> {
    let may_be_several = |name: &&str| {
        topology.built_service(name).is_ok_and(|service| {
            let has_instances = service.environment().contains_key("CAPACITY");
            !service.is_published() && (service.has_own_host() || has_instances)
        })
    };
    let services = topology.built_services().filter(may_be_several);
    services.map(|service| (service, 3)).collect()
}

/// The servers that have a user interface. What is called NAME-viewer shows NAME.
pub fn interfaces(topology: &Topology) -> impl Iterator<Item = String> {
    let viewed = docker_only(topology).filter_map(|name| name.strip_suffix("-viewer"));
    ["traefik", "consul"]
        .into_iter()
        .chain(viewed)
        .map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_that_hangs_is_given_up() {
        let hangs = ask(Command::new("sleep").arg("600"), Duration::from_millis(50));
        assert_eq!(hangs.unwrap_err().kind(), io::ErrorKind::TimedOut);
        assert!(ask(&mut Command::new("true"), PATIENCE).unwrap());
        assert!(!ask(&mut Command::new("false"), PATIENCE).unwrap());
        assert!(ask(&mut Command::new("/nothing/is/here"), PATIENCE).is_err());
    }
}
