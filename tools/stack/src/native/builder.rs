//! How a stack is started.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use anyhow::{Context, ensure};

use super::{
    kinds::{self, KINDS},
    limits,
    log::Sink,
    network::Network,
    program,
    server::Server,
    stack::{Stack, Watch, Wire},
};
use crate::{
    client_build::build_client,
    http_client::http_client,
    ports::Port,
    topology::{Topology, workspace_root},
};

/// A stack that is to be started.
#[derive(Clone, Default)]
pub struct Builder {
    scale: BTreeMap<String, usize>,
    without: BTreeSet<String>,
    environment: BTreeMap<String, String>,
    watch: Option<Watch>,
    wire: Option<(String, Wire)>,
    web_port: Option<u16>,
    workspace: Option<(PathBuf, PathBuf)>,
}

impl Stack {
    /// A stack of one replica of each service, to be changed before it starts.
    #[must_use]
    pub fn builder() -> Builder {
        Builder::default()
    }
}

impl Builder {
    /// Starts `replicas` replicas of `service`; 1 where this is not said.
    #[must_use]
    pub fn scale(mut self, service: &str, replicas: usize) -> Builder {
        self.scale.insert(service.to_owned(), replicas);
        self
    }

    /// Leaves the server of this name out, such as "consul", until it is started by its [`Server::start`].
    #[must_use]
    pub fn without(mut self, name: &str) -> Builder {
        self.without.insert(name.to_owned());
        self
    }

    /// Sets a variable in the environment of every replica, over what the compose file sets.
    #[must_use]
    pub fn environment(mut self, name: &str, value: &str) -> Builder {
        self.environment.insert(name.to_owned(), value.to_owned());
        self
    }

    /// Lets the environment of each replica of `service` be changed before it starts: where it listens, and by which ways it
    /// reaches others.
    #[must_use]
    pub fn wire(mut self, service: &str, wire: Wire) -> Builder {
        self.wire = Some((service.to_owned(), wire));
        self
    }

    /// Hands over each line that a process writes. The processes then run in groups of their own, so that
    /// Ctrl-C reaches only this process, which can stop them in order.
    #[must_use]
    pub fn watch(mut self, watch: Watch) -> Builder {
        self.watch = Some(watch);
        self
    }

    /// Lets Traefik listen on this port instead of any free one.
    #[must_use]
    pub fn web_port(mut self, port: u16) -> Builder {
        self.web_port = Some(port);
        self
    }

    /// Runs what stands in `root` instead of this repository, built into `target`.
    #[must_use]
    pub fn workspace(mut self, root: &Path, target: &Path) -> Builder {
        self.workspace = Some((root.to_owned(), target.to_owned()));
        self
    }

    /// Builds the client and the services, starts everything, and waits until it is really ready. Where a server is
    /// left out, replicas cannot get ready, and are not waited for.
    ///
    /// # Errors
    /// When a tool is missing, the build fails, or something does not get ready in time.
    pub async fn start(self) -> anyhow::Result<Stack> {
        let mut stack = self.prepare().await?;
        for server in &stack.servers {
            if !self.without.contains(server.name()) {
                server.start().await?;
            }
        }
        let services: Vec<String> = stack.topology.built_services().map(str::to_owned).collect();
        for service in services {
            for _ in 0..self.scale.get(&service).copied().unwrap_or(1) {
                stack.start_replica(&service).await?;
            }
        }
        if self.without.is_empty() {
            stack.settle().await?;
        }
        Ok(stack)
    }

    /// Looks that everything is there, builds the client, and takes the ports. Nothing is started yet.
    async fn prepare(&self) -> anyhow::Result<Stack> {
        let (root, target) = match &self.workspace {
            Some((root, target)) => (root.clone(), Some(target.clone())),
            None => (workspace_root(), None),
        };
        let topology = Topology::load(&root)?;
        for service in self.scale.keys() {
            topology.built_service(service)?;
        }
        program::ensure_found(&kinds::needed_by(&topology))?;
        limits::raise_open_files();
        let client_folder = build_client(&root).await?;
        let http = http_client(Duration::from_secs(10))?;
        let network = Arc::new(self.network(&topology)?);
        let mut servers = Vec::new();
        for kind in KINDS {
            for (name, _) in topology.services_of(kind.image) {
                let sink = self.sink(name);
                let server = Server::new(kind, name, &root, &network, http.clone(), sink)?;
                servers.push(server);
            }
        }
        for name in &self.without {
            let known = servers.iter().any(|server| server.name() == name);
            ensure!(known, "docker-compose.yml has no server called {name:?}");
        }
        Ok(Stack {
            http,
            servers,
            network,
            published: Port::reserve()?,
            replicas: Vec::new(),
            started: BTreeMap::new(),
            target,
            client_folder,
            environment: self.environment.clone(),
            watch: self.watch.clone(),
            wire: self.wire.clone(),
            topology,
        })
    }

    /// Ports and passwords for every server.
    fn network(&self, topology: &Topology) -> anyhow::Result<Network> {
        let mut network = Network::default();
        for kind in KINDS {
            for (name, service) in topology.services_of(kind.image) {
                for (index, inner) in kind.ports.iter().enumerate() {
                    let port = match self.web_port {
                        Some(number) if name == "traefik" && index == 0 => Port::fixed(number)?,
                        _ => Port::reserve()?,
                    };
                    network.add_port(name, *inner, port);
                }
                if let Some(variable) = kind.password {
                    let written = service.environment().get(variable);
                    let written = written.with_context(|| format!("{name} has no {variable}"))?;
                    network.add_password(name, written)?;
                }
            }
        }
        Ok(network)
    }

    fn sink(&self, name: &str) -> Option<Sink> {
        self.watch.as_ref().map(|watch| watch(name))
    }
}
