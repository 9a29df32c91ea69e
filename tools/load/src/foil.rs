//! What the two foils of the benchmark have in common.

use anyhow::Context;

/// How a foil is configured: by the variables that a replica has, too.
#[derive(Clone, Debug)]
pub struct Options {
    /// Address to listen on.
    pub listen: String,
    /// The Redis that carries the messages, with its password.
    pub pubsub_url: String,
}

impl Options {
    /// Reads `LISTEN` and `PUBSUB_URL`.
    ///
    /// # Errors
    /// When one is missing.
    pub fn from_environment() -> anyhow::Result<Options> {
        let read = |name: &str| std::env::var(name).with_context(|| format!("{name} is not set"));
        Ok(Options {
            listen: read("LISTEN")?,
            pubsub_url: read("PUBSUB_URL")?,
        })
    }
}
