//! What is asked of Docker: whether it is there, and Compose in a folder.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, bail};
use course::process;
use serde_yaml_ng::Value;
use stack::{Topology, workspace_root};

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
    let image = image_of(service)?;
    let container = process::read(Command::new("docker").args(["create", &image]))?;
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
    let viewed = topology
        .docker_only_services()
        .filter_map(|name| name.strip_suffix("-viewer"));
    ["traefik", "consul"]
        .into_iter()
        .chain(viewed)
        .map(str::to_owned)
}

/// The image is named in the compose file, and only there.
fn image_of(service: &str) -> anyhow::Result<String> {
    let text = std::fs::read_to_string(workspace_root().join("docker-compose.yml"))?;
    let file: Value = serde_yaml_ng::from_str(&text)?;
    let image = file["services"][service]["image"].as_str();
    image
        .map(str::to_owned)
        .with_context(|| format!("docker-compose.yml names no image for {service}"))
}

/// Docker Compose in one folder, under a project of its own, so that it meets no other run of it.
#[derive(Clone, Debug)]
pub struct Compose {
    folder: PathBuf,
    project: Option<String>,
    port: u16,
}

impl Compose {
    /// Compose in `folder`. Without `project` the compose file's own name counts. Traefik is published on `port`.
    pub fn new(folder: &Path, project: Option<&str>, port: u16) -> Compose {
        Compose {
            folder: folder.to_owned(),
            project: project.map(str::to_owned),
            port,
        }
    }

    /// The port that Traefik is published on.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The environment that makes a plain `docker compose` mean this project.
    pub fn environment(&self) -> Vec<(&'static str, String)> {
        let mut environment = vec![("HTTP_PORT", self.port.to_string())];
        if let Some(project) = &self.project {
            environment.push(("COMPOSE_PROJECT_NAME", project.clone()));
        }
        environment
    }

    /// A `docker compose` command, to be completed.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("docker");
        command
            .arg("compose")
            .args(arguments)
            .current_dir(&self.folder)
            .envs(self.environment());
        command
    }

    /// Ends everything, and removes containers and networks.
    pub fn down(&self) -> anyhow::Result<()> {
        let mut down = self.command(&["down", "--remove-orphans"]);
        // A project of our own is a test's, and nobody will start it again. A person's data stays.
        if self.project.is_some() {
            down.args(["--volumes", "--rmi", "local"]);
        }
        match process::read(&mut down) {
            // Docker can lose track of the network of a container that was killed, and then not remove it. What
            // counts is that no container is left, which the caller checks.
            Err(error) if error.to_string().contains("has active endpoints") => {
                eprintln!("Docker did not remove a network and says that it is in use: {error}");
                Ok(())
            }
            done => done.map(drop),
        }
    }
}
