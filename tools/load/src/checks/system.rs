//! What a check works on.

use std::time::Duration;

use bot::Target;

use crate::{memory, plan::Plan, run};

/// What a check works on.
#[derive(Clone, Debug)]
pub struct System {
    /// Where clients go: each replica's own address, or Traefik's.
    pub targets: Vec<Target>,
    /// The process ids of the replicas.
    pub pids: Vec<u32>,
    /// The Redis that carries the messages, with its password.
    pub pubsub_url: String,
}

impl System {
    /// Makes a small run that warms everything up: memory that a first client needs is not the memory of the next.
    ///
    /// # Errors
    /// When no client is let in.
    pub async fn warm_up(&self) -> anyhow::Result<()> {
        let mut plan = Plan::new(self.targets.clone());
        plan.time = Duration::from_secs(1);
        run::run(&plan, &mut |_| {}).await?;
        Ok(())
    }

    /// Resident memory of all replicas together, in bytes.
    ///
    /// # Errors
    /// When one has ended, and on other systems than Linux.
    pub fn resident(&self) -> anyhow::Result<u64> {
        memory::resident(&self.pids)
    }
}

/// A number of bytes in megabytes.
pub fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}
