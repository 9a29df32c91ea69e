//! What the two baselines of the benchmark have in common.

use clap::Parser;

/// How a baseline is configured: by the variables that a replica has, too.
#[derive(Clone, Debug, Parser)]
pub struct Options {
    /// Address to listen on
    #[arg(long, env = "LISTEN")]
    pub listen: String,

    /// The Redis that carries the messages, with its password
    #[arg(long, env = "PUBSUB_URL", hide_env_values = true)]
    pub pubsub_url: String,
}
