//! How this replica reaches the players of all others.

use std::num::NonZeroU32;

use clap::Args;
use messages::Messages;
use secrecy::SecretString;
use service::ReplicaId;

use crate::{limit::rate, redis_url::redis_url};

/// Where messages are passed on, and how many.
#[derive(Args, Clone, Debug)]
pub struct PubSubConfig {
    /// Redis that passes messages on between replicas
    #[arg(
        long,
        env = "PUBSUB_URL",
        global = true,
        default_value = "redis://127.0.0.1:6380",
        value_parser = redis_url,
        value_name = "URL"
    )]
    pub pubsub_url: String,

    /// Its password; left out when it asks for none
    #[arg(
        long,
        env = "PUBSUB_PASSWORD",
        global = true,
        hide_env_values = true,
        value_name = "PASSWORD"
    )]
    pub pubsub_password: Option<SecretString>,

    /// Messages that may be sent from one browser in a second, and twice as many at once: 1 to 1000000
    #[arg(
        long,
        env = "MESSAGE_RATE",
        global = true,
        default_value = "5",
        value_parser = rate,
        value_name = "MESSAGES"
    )]
    pub message_rate: NonZeroU32,
}

/// Connects this replica to the others, now and after every loss.
///
/// # Errors
/// When the URL cannot be understood.
pub fn start(config: &PubSubConfig, replica: &ReplicaId) -> anyhow::Result<Messages> {
    Messages::start(
        &config.pubsub_url,
        config.pubsub_password.as_ref(),
        &replica.to_string(),
    )
}
