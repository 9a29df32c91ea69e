//! A system that runs as processes of this machine.

use std::{collections::BTreeMap, path::PathBuf, sync::Arc, time::Duration};

use anyhow::Context;

use super::{
    log::{Log, Sink},
    network::Network,
    replica::Replica,
    server::Server,
};
use crate::{ports::Port, service_build::binary, topology::Topology, way::named_in};

/// Longer than a replica takes to leave and to drain.
const STOPPED_WITHIN: Duration = Duration::from_secs(20);

/// Makes the sink for the lines of the process of a name.
pub type Watch = Arc<dyn Fn(&str) -> Sink + Send + Sync>;

/// Changes the environment of a replica, which is called by its id.
pub type Wire =
    Arc<dyn Fn(&str, &mut BTreeMap<String, String>) -> anyhow::Result<()> + Send + Sync>;

/// A running system. Dropping it ends every process.
pub struct Stack {
    // Fields are dropped in this order: replicas first, so that none of them logs that the others are gone.
    pub(super) replicas: Vec<(String, Replica)>,
    /// In the order of their start.
    pub(super) servers: Vec<Server>,
    pub(super) network: Arc<Network>,
    pub(super) published: Port,
    pub(super) started: BTreeMap<String, usize>,
    pub(super) http: reqwest::Client,
    /// Variables for every replica, over what the compose file sets.
    pub(super) environment: BTreeMap<String, String>,
    pub(super) watch: Option<Watch>,
    /// For the replicas of this service.
    pub(super) wire: Option<(String, Wire)>,
    pub(super) topology: Topology,
    pub(super) target: Option<PathBuf>,
    /// The built client, on lessons that have one.
    pub(super) client_folder: Option<PathBuf>,
}

impl Stack {
    /// Host and port of Traefik, the way in.
    #[must_use]
    pub fn address(&self) -> String {
        let traefik = self.server("traefik");
        traefik.map_or_else(|_| String::new(), Server::address)
    }

    /// The server of this name, such as "consul": one that this repository does not build.
    ///
    /// # Errors
    /// When there is none of that name here.
    pub fn server(&self, name: &str) -> anyhow::Result<&Server> {
        let mut all = self.servers.iter();
        all.find(|server| server.name() == name)
            .with_context(|| format!("docker-compose.yml has no server called {name:?}"))
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
        &self.http
    }

    /// Asks for `path` of `host` through Traefik.
    ///
    /// # Errors
    /// When there is no answer at all; a 404 is an answer.
    pub async fn get(&self, host: &str, path: &str) -> anyhow::Result<reqwest::Response> {
        let url = format!("http://{}{path}", self.address());
        // *.localhost is resolved by browsers and curl, not by the system's resolver. The header is what
        // Traefik routes by, so the address may as well be given as a number.
        let request = self.http.get(&url).header("host", host);
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
        let way = self.topology.built_service(service)?.way(service);
        let response = self.get(&way.host, &way.path).await?;
        named_in(&response.error_for_status()?.json().await?)
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
        for server in self.servers.iter().rev() {
            server.stop().await?;
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
        let servers = self.servers.iter();
        let servers = servers.filter_map(|server| Some((server.name(), server.log()?)));
        let replicas = self.replicas.iter();
        let replicas = replicas.map(|(_, replica)| (replica.id(), replica.log().clone()));
        servers
            .chain(replicas)
            .map(|(name, log): (&str, Log)| format!("--- {name}\n{}\n", log.tail(20)))
            .collect()
    }

    pub(super) async fn built_binary(&self, service: &str) -> anyhow::Result<PathBuf> {
        let target = self.target.as_deref();
        binary(&self.topology.root, target, service, self.watch.is_some()).await
    }
}
