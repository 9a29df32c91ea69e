use std::{collections::BTreeMap, path::PathBuf, time::Duration};

use anyhow::Context;
use serde_json::Value;

use crate::{
    build, builder::Builder, consul::Consul, ports::Port, process::Process, redis::Redis,
    replica::Replica, topology::Topology, traefik::Traefik,
};

/// Longer than a replica takes to leave and to drain.
const STOPPED_WITHIN: Duration = Duration::from_secs(20);

/// A running system. Dropping it ends every process.
pub struct Stack {
    // Fields are dropped in this order: replicas first, so that none of them logs that the others are gone.
    pub(crate) replicas: Vec<(String, Replica)>,
    pub(crate) traefik: Traefik,
    pub(crate) consul: Consul,
    pub(crate) redis: Vec<Redis>,
    pub(crate) published: Port,
    pub(crate) started: BTreeMap<String, usize>,
    pub(crate) client: reqwest::Client,
    pub(crate) options: Builder,
    pub(crate) topology: Topology,
    pub(crate) target: Option<PathBuf>,
    /// The built client, on lessons that have one.
    pub(crate) client_folder: Option<PathBuf>,
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

    /// Ends everything in order: replicas first, so that they can deregister and end their work.
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
        self.consul.stop().await?;
        for redis in &mut self.redis {
            redis.stop().await?;
        }
        Ok(())
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
        let servers = [self.consul.process(), self.traefik.process()].into_iter();
        let servers = servers.chain(self.redis.iter().map(Redis::process));
        let servers = servers
            .flatten()
            .map(|process: &Process| (process.name(), process.log()));
        let replicas = self.replicas().map(|replica| (replica.id(), replica.log()));
        servers
            .chain(replicas)
            .map(|(name, log)| format!("--- {name}\n{}\n", log.tail(20)))
            .collect()
    }

    pub(crate) async fn built_binary(&self, service: &str) -> anyhow::Result<PathBuf> {
        build::binary(&self.topology.root, self.target.as_deref(), service).await
    }
}
