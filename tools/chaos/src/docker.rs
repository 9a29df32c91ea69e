//! Breaks a system of containers.

use std::{collections::BTreeSet, time::Duration};

use anyhow::{Context, bail};
use bot::Target;
use serde_json::Value;
use stack::{Port, until};
use tokio::time::sleep;

use crate::{
    command::{PROJECT, compose, docker, output},
    plan::{Fault, Step},
    scenario::{SERVICE, Scenario},
};

/// How long a command may take; longer where images are built and pulled.
const DONE_WITHIN: Duration = Duration::from_secs(120);
const BUILT_WITHIN: Duration = Duration::from_secs(1_800);

/// How long routes may take to reach all replicas.
const ROUTED_WITHIN: Duration = Duration::from_secs(30);

/// A system that is taken down by [`Docker::stop`].
pub struct Docker {
    port: Port,
    replicas: usize,
    http: reqwest::Client,
}

impl Docker {
    /// Builds and starts it, with Traefik on a free port.
    ///
    /// # Errors
    /// When no engine answers, or something cannot be built or does not get healthy. Nothing is left then.
    pub async fn start(scenario: &Scenario) -> anyhow::Result<Docker> {
        let http = reqwest::Client::builder()
            .timeout(Duration::from_secs(10))
            .no_proxy();
        let docker = Docker {
            port: Port::reserve()?,
            replicas: scenario.replicas,
            http: http.build()?,
        };
        docker.run(&["info"], DONE_WITHIN).await.context(
            "no Docker engine answers; start Docker Desktop, or: sudo systemctl start docker",
        )?;
        // What an earlier run may have left when it was ended by force.
        docker.down().await?;
        let scale = format!("{SERVICE}={}", scenario.replicas);
        let up = ["up", "--build", "--detach", "--wait", "--scale", &scale];
        let started = docker.compose(&up, BUILT_WITHIN).await;
        if let Err(error) = started {
            docker.down().await?;
            return Err(error);
        }
        Ok(docker)
    }

    /// Removes what a run left that was interrupted.
    ///
    /// # Errors
    /// When Docker does not.
    pub async fn clean_up() -> anyhow::Result<()> {
        let filter = format!("label=com.docker.compose.project={PROJECT}");
        let paused = docker(&[
            "ps",
            "--quiet",
            "--filter",
            &filter,
            "--filter",
            "status=paused",
        ]);
        let paused = output(paused, DONE_WITHIN).await?;
        for container in paused.lines() {
            output(docker(&["unpause", container]), DONE_WITHIN).await?;
        }
        let mut down = compose(&["down", "--remove-orphans", "--volumes", "--rmi", "local"]);
        down.env("HTTP_PORT", "0");
        output(down, DONE_WITHIN).await.map(drop)
    }

    /// Why it cannot do this, if it cannot.
    #[must_use]
    pub fn cannot(fault: Fault) -> Option<&'static str> {
        match fault {
            Fault::PubsubFull => {
                Some("the files of a process in a container cannot be limited from outside")
            }
            _ => None,
        }
    }

    /// Traefik, in front of all replicas.
    ///
    /// # Errors
    /// Never: its port is known.
    pub fn target(&self) -> anyhow::Result<Target> {
        let url = format!("http://{SERVICE}.localhost:{}", self.port.number());
        Ok(Target::parse(&url)?)
    }

    /// See [`crate::system::System::inflict`].
    ///
    /// # Errors
    /// When a command fails.
    pub async fn inflict(&mut self, step: &Step, victim: &str) -> anyhow::Result<String> {
        match step.fault {
            Fault::Kill => {
                let victim = self.container_of(victim).await?;
                self.docker(&["kill", "--signal", "KILL", &victim]).await?;
                self.docker(&["rm", "--force", &victim]).await?;
                Ok(format!("{victim} was killed"))
            }
            Fault::Term => {
                let victim = self.container_of(victim).await?;
                self.leave(&victim).await?;
                Ok(format!("{victim} drained and ended"))
            }
            Fault::Freeze => {
                let victim = self.container_of(victim).await?;
                self.freeze(&victim, step.length).await
            }
            Fault::PubsubFreeze => {
                let pubsub = self.only("pubsub").await?;
                self.freeze(&pubsub, step.length).await
            }
            Fault::PubsubRestart => self.restart("pubsub", step.length).await,
            Fault::SessionsRestart => self.restart("sessions", step.length).await,
            Fault::ConsulRestart => self.restart("consul", step.length).await,
            Fault::PubsubKill => {
                let pubsub = self.only("pubsub").await?;
                self.docker(&["kill", "--signal", "KILL", &pubsub]).await?;
                sleep(step.length).await;
                self.docker(&["start", &pubsub]).await?;
                Ok(format!("{pubsub} was killed and started"))
            }
            Fault::RedisResets => {
                let mut cut = 0;
                for (service, kind) in [
                    ("pubsub", "pubsub"),
                    ("pubsub", "normal"),
                    ("sessions", "normal"),
                ] {
                    // The password is in the container's environment.
                    let kill = ["exec", "-T", service, "redis-cli", "CLIENT", "KILL"];
                    let kill = [&kill[..], &["TYPE", kind]].concat();
                    let killed = self.compose(&kill, DONE_WITHIN).await?;
                    cut += killed.trim().parse::<u64>().context(killed)?;
                }
                Ok(format!("{cut} connections were cut"))
            }
            Fault::Roll => self.roll().await,
            Fault::PubsubFull => bail!("{}", Docker::cannot(step.fault).unwrap_or_default()),
            Fault::ClientResets | Fault::SlowClients => Ok("the clients do this".to_owned()),
        }
    }

    /// Starts what is missing, and waits until every replica is healthy and gets requests.
    ///
    /// # Errors
    /// When a command fails, or a replica does not.
    pub async fn recover(&mut self) -> anyhow::Result<()> {
        self.scale(self.replicas).await
    }

    /// What every container has written last.
    pub async fn logs(&self) -> String {
        let logs = self.compose(&["logs", "--no-color", "--tail", "20"], DONE_WITHIN);
        logs.await.unwrap_or_else(|error| format!("{error:#}"))
    }

    /// Takes everything down, with its volumes and the image that was built.
    ///
    /// # Errors
    /// When Docker does not.
    pub async fn stop(self) -> anyhow::Result<()> {
        self.down().await
    }

    async fn down(&self) -> anyhow::Result<()> {
        Docker::clean_up().await
    }

    /// The names of the containers of a service that run, the oldest first.
    async fn containers(&self, service: &str) -> anyhow::Result<Vec<String>> {
        let project = format!("label=com.docker.compose.project={PROJECT}");
        let service = format!("label=com.docker.compose.service={service}");
        let list = [
            "ps",
            "--filter",
            &project,
            "--filter",
            &service,
            "--format",
            "{{.Names}}",
        ];
        let names = self.docker(&list).await?;
        // Docker tells the newest first.
        Ok(names.lines().rev().map(str::to_owned).collect())
    }

    /// The container of a replica. A replica is called after its host, which is the container's id in short.
    async fn container_of(&self, replica: &str) -> anyhow::Result<String> {
        for container in self.containers(SERVICE).await? {
            if self.replica_in(&container).await? == replica {
                return Ok(container);
            }
        }
        bail!("no container has the replica {replica:?}")
    }

    async fn replica_in(&self, container: &str) -> anyhow::Result<String> {
        let host = ["inspect", "--format", "{{.Config.Hostname}}", container];
        let host = self.docker(&host).await?;
        Ok(format!("{SERVICE}-{}", host.trim()))
    }

    async fn only(&self, service: &str) -> anyhow::Result<String> {
        let all = self.containers(service).await?;
        let first = all.into_iter().next();
        first.with_context(|| format!("no {service} runs"))
    }

    async fn freeze(&self, container: &str, time: Duration) -> anyhow::Result<String> {
        self.docker(&["pause", container]).await?;
        sleep(time).await;
        self.docker(&["unpause", container]).await?;
        Ok(format!("{container} was frozen"))
    }

    async fn restart(&self, service: &str, time: Duration) -> anyhow::Result<String> {
        let container = self.only(service).await?;
        self.docker(&["stop", &container]).await?;
        sleep(time).await;
        self.docker(&["start", &container]).await?;
        Ok(format!("{container} ended and started"))
    }

    /// Ends a container with SIGTERM, and removes it. It gets longer than a replica needs to leave and drain.
    async fn leave(&self, container: &str) -> anyhow::Result<()> {
        self.docker(&["stop", "-t", "20", container]).await?;
        self.docker(&["rm", container]).await.map(drop)
    }

    async fn roll(&self) -> anyhow::Result<String> {
        let old = self.containers(SERVICE).await?;
        for container in &old {
            self.scale(old.len() + 1).await?;
            self.leave(container).await?;
        }
        Ok(format!("{} replicas were replaced", old.len()))
    }

    /// Starts so many replicas as are missing, leaves the others as they are, and waits until all get requests.
    async fn scale(&self, replicas: usize) -> anyhow::Result<()> {
        let scale = format!("{SERVICE}={replicas}");
        let up = ["up", "--detach", "--no-recreate", "--no-deps", "--scale"];
        let up = [&up[..], &[&scale, SERVICE]].concat();
        self.compose(&up, DONE_WITHIN).await?;
        let mut missing = BTreeSet::new();
        for container in self.containers(SERVICE).await? {
            self.healthy(&container).await?;
            missing.insert(self.replica_in(&container).await?);
        }
        while !missing.is_empty() {
            let what = format!("routing to {missing:?}");
            let found = until(&what, ROUTED_WITHIN, async || {
                let id = self.who_answers().await;
                let id = id.map_err(|error| format!("{error:#}"))?;
                if missing.contains(&id) {
                    Ok(id)
                } else {
                    Err(format!("{id} answers"))
                }
            });
            let found = found.await?;
            missing.remove(&found);
        }
        Ok(())
    }

    /// Waits until a container's health check passes. Compose can wait, too, but gives up at once on one that was frozen
    /// when it was asked last.
    async fn healthy(&self, container: &str) -> anyhow::Result<()> {
        let what = format!("{container}'s getting healthy");
        until(&what, ROUTED_WITHIN, async || {
            let ask = ["inspect", "--format", "{{.State.Health.Status}}", container];
            let health = self.docker(&ask).await;
            let health = health.map_err(|error| format!("{error:#}"))?;
            if health.trim() == "healthy" {
                Ok(())
            } else {
                Err(health.trim().to_owned())
            }
        })
        .await
    }

    async fn who_answers(&self) -> anyhow::Result<String> {
        let target = self.target()?;
        let request = self.http.get(target.url("/api/whoami"));
        let answer = request.header("host", &target.host).send().await?;
        let body: Value = answer.error_for_status()?.json().await?;
        let id = body["replica"].as_str();
        Ok(id.context("the answer names no replica")?.to_owned())
    }

    async fn docker(&self, words: &[&str]) -> anyhow::Result<String> {
        self.run(words, DONE_WITHIN).await
    }

    async fn run(&self, words: &[&str], limit: Duration) -> anyhow::Result<String> {
        output(docker(words), limit).await
    }

    async fn compose(&self, words: &[&str], limit: Duration) -> anyhow::Result<String> {
        let mut command = compose(words);
        command.env("HTTP_PORT", self.port.number().to_string());
        output(command, limit).await
    }
}
