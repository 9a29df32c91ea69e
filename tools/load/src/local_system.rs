//! A system on this machine to put load on: what the native engine runs, with replicas that let everybody talk.

use anyhow::Context;
use bot::Target;
use stack::Stack;

/// The service that is put under load.
const SERVICE: &str = "webserver";

/// Messages a session, and frames a socket, may send in a second. What these limits do is another question than what the server
/// can do.
const RATE: &str = "1000000";

/// A running system that ends with this value.
pub struct LocalSystem {
    stack: Stack,
}

impl LocalSystem {
    /// Starts Traefik, Consul, each Redis and this many replicas, all on free ports.
    ///
    /// # Errors
    /// When something is missing, cannot be built or does not start.
    pub async fn start(replicas: usize) -> anyhow::Result<LocalSystem> {
        let stack = Stack::builder()
            .scale(SERVICE, replicas)
            .environment("MESSAGE_RATE", RATE)
            .environment("FRAME_RATE", RATE)
            .start()
            .await
            .context("the native stack does not start")?;
        Ok(LocalSystem { stack })
    }

    /// Every replica's own address; or Traefik's, in front of them all.
    ///
    /// # Errors
    /// When there is no replica.
    pub fn targets(&self, direct: bool) -> anyhow::Result<Vec<Target>> {
        if direct {
            let replicas = self.stack.replicas();
            return replicas
                .map(|replica| Ok(Target::at(replica.address())?))
                .collect();
        }
        let mut target = Target::at(&self.stack.address())?;
        target.host = format!("{SERVICE}.localhost");
        Ok(vec![target])
    }

    /// The process ids of the replicas.
    #[must_use]
    pub fn pids(&self) -> Vec<u32> {
        self.stack
            .replicas()
            .filter_map(stack::Replica::pid)
            .collect()
    }

    /// The Redis that carries the messages.
    ///
    /// # Errors
    /// When this lesson has none.
    pub fn pubsub_url(&self) -> anyhow::Result<String> {
        self.stack.server("pubsub")?.url("redis")
    }

    /// Ends everything in order.
    ///
    /// # Errors
    /// When the system refuses a signal.
    pub async fn stop(self) -> anyhow::Result<()> {
        self.stack.stop().await
    }
}
