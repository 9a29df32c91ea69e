//! A system of containers.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::Context;
use tokio::process::Command;

use super::{
    command::{ANSWERED_WITHIN, BUILT_WITHIN, DONE_WITHIN, docker, read},
    container::Container,
    readable::let_containers_read,
};
use crate::{
    http_client::http_client, routing::all_answer, topology::Topology, wait::until, way::named_in,
};

/// How long a container may take until it is healthy, and until Traefik sends requests to it.
pub(super) const ROUTED_WITHIN: Duration = Duration::from_secs(60);

/// Docker Compose in one folder, under a project of its own, so that it meets no other run of it.
#[derive(Clone, Debug)]
pub struct Compose {
    folder: PathBuf,
    project: Option<String>,
    port: u16,
    pub(super) watch: Option<fn(&str)>,
}

impl Compose {
    /// Compose in `folder`. Without `project` the compose file's own name counts. Traefik is published on `port`.
    #[must_use]
    pub fn new(folder: &Path, project: Option<&str>, port: u16) -> Compose {
        Compose {
            folder: folder.to_owned(),
            project: project.map(str::to_owned),
            port,
            watch: None,
        }
    }

    /// Tells each step of a rolling deploy.
    #[must_use]
    pub fn watch(mut self, watch: fn(&str)) -> Compose {
        self.watch = Some(watch);
        self
    }

    /// The port that Traefik is published on.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Host and port of Traefik, the way in.
    #[must_use]
    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// The environment that makes a plain `docker compose` mean this project.
    #[must_use]
    pub fn environment(&self) -> Vec<(&'static str, String)> {
        let mut environment = vec![("HTTP_PORT", self.port.to_string())];
        if let Some(project) = &self.project {
            environment.push(("COMPOSE_PROJECT_NAME", project.clone()));
        }
        environment
    }

    /// A `docker compose` command, to be completed.
    #[must_use]
    pub fn command(&self, words: &[&str]) -> Command {
        let mut command = docker(&["compose"]);
        command
            .args(words)
            .current_dir(&self.folder)
            .envs(self.environment());
        command
    }

    /// Runs a `docker compose` command to its end, and gives what it wrote to its standard output.
    ///
    /// # Errors
    /// When it fails, or has not ended after two minutes.
    pub async fn run(&self, words: &[&str]) -> anyhow::Result<String> {
        read(self.command(words), DONE_WITHIN).await
    }

    /// Makes sure that an engine answers.
    ///
    /// # Errors
    /// When none does, with what to do.
    pub async fn ensure_engine(&self) -> anyhow::Result<()> {
        let answer = read(docker(&["info"]), ANSWERED_WITHIN).await;
        answer.map(drop).context(
            "no Docker engine answers; start Docker Desktop, or: sudo systemctl start docker",
        )
    }

    /// Starts what does not run, with so many replicas of each service, and waits until all is healthy. Containers that
    /// run stay as they are.
    ///
    /// # Errors
    /// When something cannot be built or does not get healthy.
    pub async fn up(&self, build: bool, scales: &[(&str, usize)]) -> anyhow::Result<()> {
        let_containers_read(&self.folder)?;
        let mut up = self.command(&["up", "--detach", "--wait", "--no-recreate"]);
        if build {
            up.arg("--build");
        }
        for (service, replicas) in scales {
            up.args(["--scale", &format!("{service}={replicas}")]);
        }
        read(up, BUILT_WITHIN).await.map(drop)
    }

    /// Builds the image of `service` anew. Containers that run stay as they are.
    ///
    /// # Errors
    /// When it cannot be built.
    pub async fn build(&self, service: &str) -> anyhow::Result<()> {
        let build = self.command(&["build", service]);
        read(build, BUILT_WITHIN).await.map(drop)
    }

    /// Ends everything, and removes containers and networks.
    ///
    /// # Errors
    /// When Docker cannot.
    pub async fn down(&self) -> anyhow::Result<()> {
        // What is frozen cannot end.
        let frozen = self.run(&["ps", "--quiet", "--status", "paused"]).await?;
        for container in frozen.lines() {
            Container::new(container).thaw().await?;
        }
        let mut down = self.command(&["down", "--remove-orphans"]);
        // A project of our own is a test's, and nobody will start it again. A person's data stays.
        if self.project.is_some() {
            down.args(["--volumes", "--rmi", "local"]);
        }
        // Ctrl-C goes to a whole group. One that comes now must not leave half of it.
        down.process_group(0);
        match read(down, DONE_WITHIN).await {
            // Docker can lose track of the network of a container that was killed, and then not remove it. What
            // counts is that no container is left, which the caller checks.
            Err(error) if error.to_string().contains("has active endpoints") => {
                eprintln!("Docker did not remove a network and says that it is in use: {error}");
                Ok(())
            }
            done => done.map(drop),
        }
    }

    /// The container of the only replica that runs of a service, such as "pubsub".
    ///
    /// # Errors
    /// When none runs.
    pub async fn server(&self, name: &str) -> anyhow::Result<Container> {
        let all = self.containers(name).await?.into_iter();
        all.map(|(_, container)| container)
            .next()
            .with_context(|| format!("{name} does not run"))
    }

    /// The containers of a service that run, the oldest first, each with the id of the replica in it. A replica is called
    /// after its service and its host, which is the container's id in short.
    ///
    /// # Errors
    /// When Docker does not say it.
    pub async fn containers(&self, service: &str) -> anyhow::Result<Vec<(String, Container)>> {
        let ids = self.run(&["ps", "--quiet", "--no-trunc", service]).await?;
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let mut created = docker(&["inspect", "--format", "{{.Created}} {{.Id}}"]);
        created.args(ids.lines());
        let created = read(created, DONE_WITHIN).await?;
        // The time comes first in each line, in a form that sorts.
        let mut created: Vec<&str> = created.lines().collect();
        created.sort_unstable();
        let ids = created.iter().filter_map(|line| line.split(' ').nth(1));
        let containers = ids.map(|id| {
            let container = Container::new(id);
            (format!("{service}-{}", container.short()), container)
        });
        Ok(containers.collect())
    }

    /// The container in which a replica runs.
    ///
    /// # Errors
    /// When there is none of that id.
    pub async fn container_of(&self, replica: &str) -> anyhow::Result<Container> {
        let service = replica
            .rsplit_once('-')
            .map_or(replica, |(service, _)| service);
        let all = self.containers(service).await?;
        let found = all.into_iter().find(|(id, _)| id == replica);
        let (_, container) = found.with_context(|| format!("there is no replica {replica:?}"))?;
        Ok(container)
    }

    /// Starts so many replicas of `service` as are missing, and leaves all others as they are. They are not waited for.
    ///
    /// # Errors
    /// When Docker cannot.
    pub async fn scale(&self, service: &str, replicas: usize) -> anyhow::Result<()> {
        let scale = format!("{service}={replicas}");
        let up = ["up", "--detach", "--no-deps", "--no-recreate", "--scale"];
        let up = [&up[..], &[&scale, service]].concat();
        self.run(&up).await.map(drop)
    }

    /// Waits until every replica that runs is healthy and gets requests through Traefik.
    ///
    /// # Errors
    /// When that is not so within a minute.
    pub async fn settle(&self) -> anyhow::Result<()> {
        let topology = Topology::load(&self.folder)?;
        for service in topology.built_services() {
            // A published service is reached on its port; nothing routes to it.
            if topology.built_service(service)?.is_published() {
                continue;
            }
            let mut missing = BTreeSet::new();
            for (id, container) in self.containers(service).await? {
                self.is_healthy(&id, &container).await?;
                missing.insert(id);
            }
            all_answer(missing, ROUTED_WITHIN, || self.who_answers(service)).await?;
        }
        Ok(())
    }

    /// Waits until a container's health check passes. Compose can wait, too, but gives up at once on one that was frozen
    /// when it was asked last.
    pub(super) async fn is_healthy(&self, id: &str, container: &Container) -> anyhow::Result<()> {
        let what = format!("{id}'s getting healthy");
        until(&what, ROUTED_WITHIN, async || {
            let health = container.health().await;
            let health = health.map_err(|error| format!("{error:#}"))?;
            if health == "healthy" {
                Ok(())
            } else {
                Err(format!("it is {health}"))
            }
        })
        .await
    }

    /// The id of the replica that answers next through Traefik.
    ///
    /// # Errors
    /// When nobody answers as a replica does.
    pub async fn who_answers(&self, service: &str) -> anyhow::Result<String> {
        // A connection of its own each time: what has been killed must not be asked for on an old one.
        let http = http_client(Duration::from_secs(5))?;
        let way = Topology::load(&self.folder)?;
        let way = way.built_service(service)?.way(service);
        let url = format!("http://{}{}", self.address(), way.path);
        let request = http.get(url).header("host", way.host);
        let answer = request.send().await?.error_for_status()?;
        named_in(&answer.json().await?)
    }

    /// What every container has written.
    ///
    /// # Errors
    /// When Docker does not say it.
    pub async fn logs(&self) -> anyhow::Result<String> {
        self.run(&["logs", "--no-color"]).await
    }

    /// The same project with the port that Traefik is really published on, whatever it was when it was started.
    ///
    /// # Errors
    /// When it does not run.
    pub async fn at_its_port(self) -> anyhow::Result<Compose> {
        let address = self.run(&["port", "traefik", "8000"]).await?;
        let port = address.rsplit(':').next().unwrap_or_default().parse();
        let port = port.with_context(|| format!("Traefik is published on {address:?}"))?;
        Ok(Compose { port, ..self })
    }
}
