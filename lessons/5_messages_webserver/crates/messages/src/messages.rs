//! What the rest of a server sees of the messages.

use std::sync::Arc;

use protocol::{Id, Message, MessagePage, Who};
use redis::{AsyncCommands, aio::ConnectionManager};
use secrecy::SecretString;
use tokio::sync::broadcast;
use tokio::time::timeout;
use tracing::debug;

use crate::ended::Ended;
use crate::presence::Presence;
use crate::{
    names::MESSAGES,
    publish_error::PublishError,
    redis_client::{ANSWER_WITHIN, commands, open},
    shared::Shared,
    subscription,
};

/// The messages of all replicas, as one replica sees them. Clones share one subscription.
#[derive(Clone)]
pub struct Messages {
    shared: Arc<Shared>,
    commands: ConnectionManager,
}

impl Messages {
    /// Subscribes in the background, now and after every loss. Must be called within a tokio runtime.
    ///
    /// # Errors
    /// When `url` cannot be understood.
    pub fn start(
        url: &str,
        password: Option<&SecretString>,
        replica: &str,
    ) -> anyhow::Result<Messages> {
        let client = open(url, password)?;
        let commands = commands(&client)?;
        // let shared = Arc::new(Shared::new(replica)); // lesson 5 only
        // lesson 6
        let presence = Presence::start(commands.clone(), replica);
        let ended = Ended::new(commands.clone());
        let shared = Arc::new(Shared::new(replica, presence, ended));

        let url = url.to_owned();
        tokio::spawn(subscription::run(
            client,
            commands.clone(),
            url,
            Arc::clone(&shared),
        ));
        Ok(Messages { shared, commands })
    }

    /// Publishes what `author` said. All replicas, this one too, hear of it through their subscriptions only: so a
    /// message that this replica tells its players was seen by Redis.
    ///
    /// # Errors
    /// When it was not sent, or nobody can say whether it was.
    pub async fn publish(&self, author: &Who, text: &str) -> Result<Message, PublishError> {
        if !self.shared.link.is_open() {
            return Err(PublishError::Away);
        }
        let message = Message::new(Id::generate(), &self.shared.replica, author, text);
        let Ok(payload) = serde_json::to_vec(&message) else {
            unreachable!("a message is plain strings, which always become JSON");
        };
        let mut commands = self.commands.clone();
        let published = timeout(ANSWER_WITHIN, commands.publish(MESSAGES, payload)).await;
        match published {
            Ok(Ok(listeners)) => {
                let listeners: usize = listeners;
                debug!(id = %message.id, listeners, "published a message");
                Ok(message)
            }
            // The subscription's task sees the same loss, and logs it once.
            Ok(Err(_)) | Err(_) => Err(PublishError::NoAnswer),
        }
    }

    /// The messages that came after the one with this id, in Redis' order; all that are kept if there is no id.
    #[must_use]
    pub fn page(&self, after: Option<Id>) -> MessagePage {
        MessagePage {
            messages: self.shared.after(after),
        }
    }

    /// What keeps messages from being passed on, if anything does.
    #[must_use]
    pub fn missing(&self) -> Option<&'static str> {
        (!self.shared.link.is_open()).then_some("messages cannot be passed on, because this replica is not subscribed")
    }

    // lesson 6
    /// Everything that is said from now on, in batches of what came at once.
    #[must_use]
    pub fn subscribe(&self) -> broadcast::Receiver<Arc<[Message]>> {
        self.shared.subscribe()
    }

    // lesson 6
    /// The sessions that end.
    #[must_use]
    pub fn ended(&self) -> &Ended {
        &self.shared.ended
    }

    // lesson 6
    /// Who is here.
    #[must_use]
    pub fn presence(&self) -> &Presence {
        &self.shared.presence
    }
}
