//! What the chat holds: the messages that this replica was given.

use messages::Messages;
use service::ReplicaId;

use crate::chat::config::ChatConfig;

/// The chat of one replica.
pub struct Chat {
    /// What was said here.
    pub messages: Messages,
}

impl Chat {
    /// A chat in which nothing was said yet.
    ///
    /// # Errors
    /// None: memory is always there.
    pub fn start(_: &ChatConfig, replica: &ReplicaId) -> anyhow::Result<Chat> {
        let messages = Messages::new(&replica.to_string());
        Ok(Chat { messages })
    }
}
