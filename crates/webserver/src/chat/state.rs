//! What the chat holds, and what it has to close.

use messages::Messages;
use service::ReplicaId;
use sockets::Connections;

use crate::chat::hub::Hub;
use crate::chat::openings::Openings;
use crate::chat::{config::ChatConfig, pubsub, rate_limit::RateLimit};

/// The chat of one replica.
pub struct Chat {
    /// What was said, here and on all other replicas.
    pub messages: Messages,
    /// How much one player may say.
    pub rate_limit: RateLimit,

    // lesson 6
    /// Tells all sockets what is said.
    pub hub: Hub,

    // lesson 6
    /// All sockets together.
    pub connections: Connections,
    /// What each session and each address has of them.
    pub openings: Openings,
}

impl Chat {
    /// Connects to the other replicas, now and after every loss.
    ///
    /// # Errors
    /// When an address cannot be understood.
    pub fn start(config: &ChatConfig, replica: &ReplicaId) -> anyhow::Result<Chat> {
        let messages = pubsub::start(&config.pubsub, replica)?;
        Ok(Chat {
            // lesson 6
            hub: Hub::start(&messages, replica, &config.window),
            connections: Connections::new(&config.connections),
            openings: Openings::new(&config.openings),

            messages,
            rate_limit: RateLimit::new(config.pubsub.message_rate),
        })
    }

    /// What keeps messages from passing, if anything does.
    pub fn missing(&self) -> Option<&'static str> {
        self.messages.missing()
    }

    // lesson 6
    /// Closes all sockets, and tells the other replicas that these players are gone.
    ///
    /// No new request comes by now. Whoever is told to connect again reaches another replica.
    pub async fn close(&self) {
        self.connections.close().await;
        self.messages.presence().leave().await;
    }
}
