use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use anyhow::ensure;

use crate::{
    client,
    consul::Consul,
    limits,
    ports::Port,
    process::Sink,
    redis::Redis,
    stack::Stack,
    tools,
    topology::{Topology, workspace_root},
    traefik::Traefik,
};

/// Makes the sink for the process of a name. See [`Builder::watch`].
pub type Watch = Arc<dyn Fn(&str) -> Sink + Send + Sync>;

/// How a stack is to be started.
#[derive(Clone, Default)]
pub struct Builder {
    pub(crate) scale: BTreeMap<String, usize>,
    pub(crate) without_consul: bool,
    pub(crate) without_redis: BTreeSet<String>,
    pub(crate) environment: BTreeMap<String, String>,
    pub(crate) watch: Option<Watch>,
    pub(crate) web_port: Option<u16>,
    pub(crate) workspace: Option<(PathBuf, PathBuf)>,
}

impl Builder {
    /// Starts `replicas` replicas of `service`; 1 where this is not said.
    #[must_use]
    pub fn scale(mut self, service: &str, replicas: usize) -> Builder {
        self.scale.insert(service.to_owned(), replicas);
        self
    }

    /// Leaves Consul out, until [`Stack::start_consul`].
    #[must_use]
    pub fn without_consul(mut self) -> Builder {
        self.without_consul = true;
        self
    }

    /// Leaves the Redis of this name out, until [`Stack::start_redis`].
    #[must_use]
    pub fn without_redis(mut self, name: &str) -> Builder {
        self.without_redis.insert(name.to_owned());
        self
    }

    /// Sets a variable in the environment of every replica, over what the compose file sets.
    #[must_use]
    pub fn environment(mut self, name: &str, value: &str) -> Builder {
        self.environment.insert(name.to_owned(), value.to_owned());
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

    /// Builds the client and the services, starts everything, and waits until it is really ready. Where Consul or a
    /// Redis is left out, replicas cannot get ready, and are not waited for.
    ///
    /// # Errors
    /// When a tool is missing, the build fails, or something does not get ready in time.
    pub async fn start(self) -> anyhow::Result<Stack> {
        let mut stack = self.prepare().await?;
        let left_out = stack.options.without_redis.clone();
        for index in 0..stack.redis.len() {
            if !left_out.contains(stack.redis[index].name()) {
                stack.redis[index].start(&stack.topology).await?;
            }
        }
        if !stack.options.without_consul {
            stack.start_consul().await?;
        }
        stack.start_traefik().await?;
        let services: Vec<String> = stack.topology.built_services().map(str::to_owned).collect();
        for service in services {
            for _ in 0..stack.options.scale.get(&service).copied().unwrap_or(1) {
                stack.start_replica(&service).await?;
            }
        }
        if !stack.options.without_consul && left_out.is_empty() {
            stack.settle().await?;
        }
        Ok(stack)
    }

    /// Looks that everything is there, builds the client, and takes the ports. Nothing is started yet.
    async fn prepare(self) -> anyhow::Result<Stack> {
        let (root, target) = match &self.workspace {
            Some((root, target)) => (root.clone(), Some(target.clone())),
            None => (workspace_root(), None),
        };
        let topology = Topology::load(&root)?;
        for service in self.scale.keys() {
            topology.built_service(service)?;
        }
        for name in &self.without_redis {
            let known = topology.redis_services().any(|(known, _)| known == name);
            ensure!(known, "docker-compose.yml has no Redis called {name:?}");
        }
        tools::ensure_found(&topology)?;
        limits::raise_open_files();
        let client_folder = client::build_client(&root).await?;
        let sink = |name: &str| self.watch.as_ref().map(|watch| watch(name));
        let web = match self.web_port {
            Some(number) => Port::fixed(number)?,
            None => Port::reserve()?,
        };
        let redis = topology
            .redis_services()
            .map(|(name, _)| Redis::new(name, sink(name)));
        Ok(Stack {
            client: reqwest::Client::builder()
                .timeout(Duration::from_secs(10))
                .build()?,
            redis: redis.collect::<anyhow::Result<_>>()?,
            consul: Consul::new(sink("consul"))?,
            traefik: Traefik::new(web, sink("traefik"))?,
            published: Port::reserve()?,
            replicas: Vec::new(),
            started: BTreeMap::new(),
            target,
            client_folder,
            options: self,
            topology,
        })
    }
}
