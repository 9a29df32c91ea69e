//! A system on this machine to put load on: what the native engine runs, with replicas that let everybody talk.

use anyhow::Context;
use bot::Target;
use stack::Stack;

/// The service that is put under load.
const SERVICE: &str = "webserver";

/// What limits one socket, one session or one address. What a limit does is another question than what the server can do.
pub const LIMITS: [&str; 5] = [
    "FRAME_RATE",
    "LOGIN_RATE",
    "MESSAGE_RATE",
    "OPENING_RATE",
    "SOCKETS_PER_SESSION",
];

/// As much as each of them can be.
const UNLIMITED: &str = "1000000";

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
        let builder = LIMITS.iter().fold(Stack::builder(), |builder, limit| {
            builder.environment(limit, UNLIMITED)
        });
        let stack = builder
            // A container has memory for fewer. Here the machine's own is the bound.
            .environment("MAX_SOCKETS", "20000")
            .scale(SERVICE, replicas)
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
