//! A system that runs, whichever engine runs it: to be scaled, broken, and put back.

use nix::sys::signal::Signal;

use crate::{
    compose::{Compose, Container},
    native::{Server, Stack},
    roll::Replicas,
};

/// A running system.
pub enum System {
    /// Processes of this machine. They end with this value.
    Native(Box<Stack>),
    /// Containers. They stay until [`System::stop`].
    Compose(Compose),
}

/// A server of a running system, by its name: one that this repository does not build.
pub enum SystemServer<'a> {
    /// A process.
    Native(&'a Server),
    /// A container.
    Compose(Container),
}

impl System {
    /// Host and port of Traefik, the way in.
    #[must_use]
    pub fn address(&self) -> String {
        match self {
            System::Native(stack) => stack.address(),
            System::Compose(compose) => compose.address(),
        }
    }

    /// The server of this name, such as "pubsub", which runs.
    ///
    /// # Errors
    /// When there is none of that name.
    pub async fn server(&self, name: &str) -> anyhow::Result<SystemServer<'_>> {
        Ok(match self {
            System::Native(stack) => SystemServer::Native(stack.server(name)?),
            System::Compose(compose) => SystemServer::Compose(compose.server(name).await?),
        })
    }

    /// The ids of the replicas of `service`.
    ///
    /// # Errors
    /// When the engine cannot say.
    pub async fn replicas(&self, service: &str) -> anyhow::Result<Vec<String>> {
        match self {
            System::Native(stack) => stack.running(service).await,
            System::Compose(compose) => compose.running(service).await,
        }
    }

    /// Ends a replica with SIGKILL, and forgets it.
    ///
    /// # Errors
    /// When there is no replica of that id, or the engine cannot.
    pub async fn kill_replica(&mut self, id: &str) -> anyhow::Result<()> {
        match self {
            System::Native(stack) => stack.take_called(id)?.kill().await.map(drop),
            System::Compose(compose) => {
                let container = compose.container_of(id).await?;
                container.kill().await?;
                container.remove().await
            }
        }
    }

    /// Ends a replica with SIGTERM, waits until it has ended, and forgets it.
    ///
    /// # Errors
    /// When there is no replica of that id, or the engine cannot.
    pub async fn stop_replica(&mut self, id: &str) -> anyhow::Result<()> {
        match self {
            System::Native(stack) => stack.end(id).await,
            System::Compose(compose) => compose.end(id).await,
        }
    }

    /// Lets a replica do nothing, until [`System::thaw_replica`].
    ///
    /// # Errors
    /// When there is no replica of that id, or the engine cannot.
    pub async fn freeze_replica(&mut self, id: &str) -> anyhow::Result<()> {
        match self {
            System::Native(stack) => stack.called(id)?.signal(Signal::SIGSTOP),
            System::Compose(compose) => compose.container_of(id).await?.freeze().await,
        }
    }

    /// Lets a replica go on.
    ///
    /// # Errors
    /// When there is no replica of that id, or the engine cannot.
    pub async fn thaw_replica(&mut self, id: &str) -> anyhow::Result<()> {
        match self {
            System::Native(stack) => stack.called(id)?.signal(Signal::SIGCONT),
            System::Compose(compose) => compose.container_of(id).await?.thaw().await,
        }
    }

    /// Starts so many replicas of `service` as are missing, and waits until every replica is ready and gets requests.
    ///
    /// # Errors
    /// When one does not start, or gets no requests.
    pub async fn scale(&mut self, service: &str, replicas: usize) -> anyhow::Result<()> {
        match self {
            System::Native(stack) => {
                while stack.running(service).await?.len() < replicas {
                    stack.add_replica(service).await?;
                }
                stack.settle().await
            }
            System::Compose(compose) => {
                compose.scale(service, replicas).await?;
                compose.settle().await
            }
        }
    }

    /// Replaces every replica of `service`, one after another, and gives the ids of the new ones.
    ///
    /// # Errors
    /// When a new one gets no requests, or an old one cannot be stopped.
    pub async fn roll(&mut self, service: &str) -> anyhow::Result<Vec<String>> {
        match self {
            System::Native(stack) => stack.roll(service).await,
            System::Compose(compose) => compose.roll(service).await,
        }
    }

    /// What every server and every replica has written last.
    pub async fn logs(&self) -> String {
        match self {
            System::Native(stack) => stack.logs(),
            System::Compose(compose) => {
                let logs = compose.logs().await;
                logs.unwrap_or_else(|error| format!("{error:#}"))
            }
        }
    }

    /// Ends everything in order. Of containers, nothing is left.
    ///
    /// # Errors
    /// When something does not end.
    pub async fn stop(self) -> anyhow::Result<()> {
        match self {
            System::Native(stack) => stack.stop().await,
            System::Compose(compose) => compose.down().await,
        }
    }
}

impl SystemServer<'_> {
    /// Starts it again with the data that it had. A process is ready then; a container may need a moment more.
    ///
    /// # Errors
    /// When it runs, or does not start.
    pub async fn start(&self) -> anyhow::Result<()> {
        match self {
            SystemServer::Native(server) => server.start().await,
            SystemServer::Compose(container) => container.start().await,
        }
    }

    /// Ends it with SIGTERM, and waits until it has ended.
    ///
    /// # Errors
    /// When the engine cannot.
    pub async fn stop(&self) -> anyhow::Result<()> {
        match self {
            SystemServer::Native(server) => server.stop().await,
            SystemServer::Compose(container) => container.stop().await,
        }
    }

    /// Ends it with SIGKILL.
    ///
    /// # Errors
    /// When it does not run, or the engine cannot.
    pub async fn kill(&self) -> anyhow::Result<()> {
        match self {
            SystemServer::Native(server) => server.kill().await.map(drop),
            SystemServer::Compose(container) => container.kill().await,
        }
    }

    /// Lets it do nothing, until [`SystemServer::thaw`].
    ///
    /// # Errors
    /// When it does not run, or the engine cannot.
    pub async fn freeze(&self) -> anyhow::Result<()> {
        match self {
            SystemServer::Native(server) => server.signal(Signal::SIGSTOP),
            SystemServer::Compose(container) => container.freeze().await,
        }
    }

    /// Lets it go on.
    ///
    /// # Errors
    /// When it does not run, or the engine cannot.
    pub async fn thaw(&self) -> anyhow::Result<()> {
        match self {
            SystemServer::Native(server) => server.signal(Signal::SIGCONT),
            SystemServer::Compose(container) => container.thaw().await,
        }
    }
}
