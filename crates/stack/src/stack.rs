use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
    time::Duration,
};

use anyhow::{Context, bail};
use serde_json::Value;

use crate::{
    build, builder::Builder, consul::Consul, ports::Port, process::Process, replica::Replica,
    topology::Topology, traefik::Traefik, wait::until,
};

/// Longer than a replica takes to leave and to drain.
const STOPPED_WITHIN: Duration = Duration::from_secs(20);

/// A running system. Dropping it ends every process.
pub struct Stack {
    // Fields are dropped in this order: replicas first, so that none of them logs that the others are gone.
    pub(crate) replicas: Vec<(String, Replica)>,
    pub(crate) traefik: Traefik,
    pub(crate) consul: Consul,
    pub(crate) published: Port,
    pub(crate) started: BTreeMap<String, usize>,
    pub(crate) client: reqwest::Client,
    pub(crate) options: Builder,
    pub(crate) topology: Topology,
    pub(crate) target: Option<PathBuf>,
}

impl Stack {
    /// A stack of one replica of each service, to be changed before it starts.
    #[must_use]
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// Host and port of Traefik, the way in.
    #[must_use]
    pub fn address(&self) -> String {
        self.traefik.address()
    }

    /// Host and port of Consul's HTTP API.
    #[must_use]
    pub fn consul_address(&self) -> String {
        self.consul.address()
    }

    /// Host and port that published services listen on.
    #[must_use]
    pub fn published_address(&self) -> String {
        self.published.address()
    }

    /// What the stack was read from.
    #[must_use]
    pub fn topology(&self) -> &Topology {
        &self.topology
    }

    /// A client with a timeout of ten seconds.
    #[must_use]
    pub fn client(&self) -> &reqwest::Client {
        &self.client
    }

    /// Asks for `path` of `host` through Traefik.
    ///
    /// # Errors
    /// When there is no answer at all; a 404 is an answer.
    pub async fn get(&self, host: &str, path: &str) -> anyhow::Result<reqwest::Response> {
        let url = format!("http://{}{path}", self.address());
        // *.localhost is resolved by browsers and curl, not by the system's resolver. The header is what
        // Traefik routes by, so the address may as well be given as a number.
        let request = self.client.get(&url).header("host", host);
        request
            .send()
            .await
            .with_context(|| format!("GET {path} of {host} failed"))
    }

    /// The id of the replica that answers next through Traefik.
    ///
    /// # Errors
    /// When nobody answers as a replica does.
    pub async fn who_answers(&self, service: &str) -> anyhow::Result<String> {
        let response = self
            .get(&format!("{service}.localhost"), "/api/whoami")
            .await?;
        let body: Value = response.error_for_status()?.json().await?;
        let id = body["replica"]
            .as_str()
            .context("the answer names no replica")?;
        Ok(id.to_owned())
    }

    /// The replicas that run, or ran and were not removed.
    pub fn replicas(&self) -> impl Iterator<Item = &Replica> {
        self.replicas.iter().map(|(_, replica)| replica)
    }

    /// The replica at `index`, in the order of their start.
    ///
    /// # Errors
    /// When there is none.
    pub fn replica(&mut self, index: usize) -> anyhow::Result<&mut Replica> {
        let running = self.replicas.len();
        match self.replicas.get_mut(index) {
            Some((_, replica)) => Ok(replica),
            None => bail!("there is no replica {index}; {running} run"),
        }
    }

    /// Takes a replica out of the stack, to be stopped or killed by the caller.
    ///
    /// # Errors
    /// When there is none at `index`.
    pub fn take_replica(&mut self, index: usize) -> anyhow::Result<Replica> {
        self.replica(index)?;
        Ok(self.replicas.remove(index).1)
    }

    /// Starts one more replica of `service`, and waits until Traefik sends requests to it.
    ///
    /// # Errors
    /// When it does not start, with what it wrote last; or when it gets no request in time.
    pub async fn add_replica(&mut self, service: &str) -> anyhow::Result<String> {
        let id = self.start_replica(service).await?;
        self.settle().await?;
        Ok(id)
    }

    /// Starts Consul, with an empty catalogue.
    ///
    /// # Errors
    /// When it is not installed or does not start.
    pub async fn start_consul(&mut self) -> anyhow::Result<()> {
        self.consul.start(&self.topology, &self.client).await
    }

    /// Ends Consul, and its catalogue with it.
    ///
    /// # Errors
    /// When the system refuses the signal.
    pub async fn stop_consul(&mut self) -> anyhow::Result<()> {
        self.consul.stop().await
    }

    /// Starts Traefik.
    ///
    /// # Errors
    /// When it is not installed or does not start.
    pub async fn start_traefik(&mut self) -> anyhow::Result<()> {
        let consul = self.consul.address();
        self.traefik
            .start(&self.topology, &consul, &self.client)
            .await
    }

    /// Ends Traefik.
    ///
    /// # Errors
    /// When the system refuses the signal.
    pub async fn stop_traefik(&mut self) -> anyhow::Result<()> {
        self.traefik.stop().await
    }

    /// The ids in Consul's catalogue under `service`, sorted, each as often as it stands there.
    ///
    /// # Errors
    /// When Consul does not answer.
    pub async fn registered(&self, service: &str) -> anyhow::Result<Vec<String>> {
        let mut ids = self.consul.registered(&self.client, service).await?;
        ids.sort();
        Ok(ids)
    }

    /// The ids under `service` that Consul's health checks let through.
    ///
    /// # Errors
    /// When Consul does not answer.
    pub async fn passing(&self, service: &str) -> anyhow::Result<BTreeSet<String>> {
        self.consul.passing(&self.client, service).await
    }

    /// Waits until every replica that runs is ready and gets requests through Traefik.
    ///
    /// # Errors
    /// When that is not so within 30 seconds.
    pub async fn settle(&self) -> anyhow::Result<()> {
        for (_, replica) in &self.replicas {
            replica.ready(&self.client).await?;
        }
        let services: BTreeSet<&String> =
            self.replicas.iter().map(|(service, _)| service).collect();
        for service in services {
            // A published service is reached on its port; nothing routes to it.
            if self.topology.built_service(service)?.is_published() {
                continue;
            }
            let mut missing: BTreeSet<&str> = self
                .replicas
                .iter()
                .filter(|(of, _)| of == service)
                .map(|(_, replica)| replica.id())
                .collect();
            while !missing.is_empty() {
                let id = until(
                    &format!("routing to {missing:?}"),
                    Duration::from_secs(30),
                    async || {
                        let id = self
                            .who_answers(service)
                            .await
                            .map_err(|error| format!("{error:#}"))?;
                        if missing.contains(id.as_str()) {
                            Ok(id)
                        } else {
                            Err(format!("{id} answers"))
                        }
                    },
                )
                .await?;
                missing.remove(id.as_str());
            }
        }
        Ok(())
    }

    /// Ends everything in order: replicas first, so that they can deregister.
    ///
    /// # Errors
    /// When the system refuses a signal.
    pub async fn stop(mut self) -> anyhow::Result<()> {
        // All replicas are told first, and only then waited for: they leave at the same time.
        for (_, replica) in &self.replicas {
            replica.signal(nix::sys::signal::Signal::SIGTERM)?;
        }
        for (_, replica) in &mut self.replicas {
            // Only waited for. A second signal would tell it to end at once.
            if replica.wait(STOPPED_WITHIN).await.is_err() {
                replica.kill().await?;
            }
        }
        self.traefik.stop().await?;
        self.consul.stop().await
    }

    /// Runs the binary of `service` by itself to its end, with nothing but these arguments and variables.
    ///
    /// # Errors
    /// When it cannot be built, or has not ended after ten seconds.
    pub async fn run_service(
        &self,
        service: &str,
        arguments: &[&str],
        environment: &[(&str, &str)],
    ) -> anyhow::Result<std::process::Output> {
        let binary = self.built_binary(service).await?;
        let mut command = tokio::process::Command::new(binary);
        command
            .args(arguments)
            .env_clear()
            .envs(environment.iter().copied())
            .kill_on_drop(true);
        let output = tokio::time::timeout(Duration::from_secs(10), command.output());
        output
            .await
            .with_context(|| format!("{service} did not end"))?
            .context("cannot start it")
    }

    /// What every process has written last, for the message of a test that fails.
    #[must_use]
    pub fn logs(&self) -> String {
        let servers = [self.consul.process(), self.traefik.process()]
            .into_iter()
            .flatten();
        let servers = servers.map(|process: &Process| (process.name(), process.log()));
        let replicas = self.replicas().map(|replica| (replica.id(), replica.log()));
        servers
            .chain(replicas)
            .map(|(name, log)| format!("--- {name}\n{}\n", log.tail(20)))
            .collect()
    }

    pub(crate) async fn start_replica(&mut self, service: &str) -> anyhow::Result<String> {
        let described = self.topology.built_service(service)?;
        let number = self.started.entry(service.to_owned()).or_default();
        *number += 1;
        let id = format!("{service}-{number}");
        // The compose file's addresses are those of containers. Here every server is on loopback.
        let consul = self.consul.address();
        let listen = if described.is_published() {
            self.published.address()
        } else {
            "127.0.0.1:0".to_owned()
        };
        let mut environment: BTreeMap<String, String> = described
            .environment()
            .iter()
            .map(|(name, value)| (name.clone(), value.replace("consul:8500", &consul)))
            .collect();
        environment.insert("LISTEN".to_owned(), listen);
        environment.extend(self.options.environment.clone());
        let sink = self.options.watch.as_ref().map(|watch| watch(&id));
        let replica =
            Replica::start(&id, &self.built_binary(service).await?, environment, sink).await?;
        self.replicas.push((service.to_owned(), replica));
        Ok(id)
    }

    pub(crate) async fn built_binary(&self, service: &str) -> anyhow::Result<PathBuf> {
        build::binary(&self.topology.root, self.target.as_deref(), service).await
    }
}
