use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use redis::{AsyncCommands, aio::ConnectionManager};
use secrecy::SecretString;
use tokio::sync::broadcast; // lesson 6
use tokio::time::timeout;
use tracing::debug;
use uuid::Uuid;

use crate::Presence; // lesson 6
use crate::{
    Message,
    link::Link,
    recent::Recent,
    redis_client::{ANSWER_WITHIN, commands, open},
    subscription,
};

/// The channel that every replica publishes on and subscribes to.
pub(crate) const CHANNEL: &str = "goatscale:messages";

// lesson 6
/// Batches that a reader of [`Messages::subscribe`] may be behind before it misses some.
const BEHIND: usize = 1024;

/// The messages of all replicas, as one replica sees them. Clones share one subscription.
#[derive(Clone)]
pub struct Messages {
    shared: Arc<Shared>,
    commands: ConnectionManager,
    presence: Presence, // lesson 6
}

/// What the subscription and its readers share.
pub(crate) struct Shared {
    pub link: Link,
    recent: Mutex<Recent>,
    told: broadcast::Sender<Arc<[Message]>>, // lesson 6
    pub presence: Presence,                  // lesson 6
    replica: String,
}

/// Why a message was not published.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotSent {
    /// Redis is away, or has only just come back. Nothing was sent.
    Away,
    /// Redis did not answer. Most likely nothing was sent, but nobody can know.
    NoAnswer,
}

impl fmt::Display for NotSent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            NotSent::Away => {
                "messages cannot be passed on now, so this one was not sent; try again in a moment"
            }
            NotSent::NoAnswer => {
                "nobody confirmed this message, so it was most likely not sent; look before you try again"
            }
        })
    }
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
        let presence = Presence::start(commands.clone(), replica); // lesson 6
        let shared = Arc::new(Shared {
            link: Link::default(),
            recent: Mutex::default(),
            told: broadcast::Sender::new(BEHIND), // lesson 6
            presence: presence.clone(),           // lesson 6
            replica: replica.to_owned(),
        });
        tokio::spawn(subscription::keep(
            client,
            url.to_owned(),
            Arc::clone(&shared),
        ));
        Ok(Messages {
            shared,
            commands,
            presence, // lesson 6
        })
    }

    /// Publishes what `author` said. All replicas, this one too, hear of it through their subscriptions only: so a
    /// message that this replica tells its players was seen by Redis.
    ///
    /// # Errors
    /// When it was not sent, or nobody can say whether it was.
    pub async fn publish(&self, author: &str, text: &str) -> Result<Message, NotSent> {
        if !self.shared.link.is_open() {
            return Err(NotSent::Away);
        }
        let message = Message::new(&self.shared.replica, author, text);
        let Ok(payload) = serde_json::to_vec(&message) else {
            unreachable!("a message is plain strings, which always become JSON");
        };
        let mut commands = self.commands.clone();
        let published = timeout(ANSWER_WITHIN, commands.publish(CHANNEL, payload)).await;
        match published {
            Ok(Ok(listeners)) => {
                let listeners: usize = listeners;
                debug!(id = %message.id, listeners, "published a message");
                Ok(message)
            }
            // The subscription's task sees the same loss, and logs it once.
            Ok(Err(_)) | Err(_) => Err(NotSent::NoAnswer),
        }
    }

    /// The messages that came after the one with this id, in Redis' order; all that are kept if there is no id.
    #[must_use]
    pub fn after(&self, id: Option<Uuid>) -> Vec<Message> {
        self.shared.recent().after(id)
    }

    /// What keeps messages from being passed on, if anything does.
    #[must_use]
    pub fn missing(&self) -> Option<&'static str> {
        (!self.shared.link.is_open()).then_some("messages are not passed on: no subscription")
    }

    // lesson 6
    /// Everything that is said from now on, in batches of what came at once.
    #[must_use]
    pub fn subscribe(&self) -> broadcast::Receiver<Arc<[Message]>> {
        self.shared.told.subscribe()
    }

    // lesson 6
    /// Who is here.
    #[must_use]
    pub fn presence(&self) -> &Presence {
        &self.presence
    }
}

impl Shared {
    /// Takes in what the subscription was told.
    pub fn take(&self, batch: Vec<Message>) {
        let mut recent = self.recent();
        for message in &batch {
            recent.push(message.clone());
        }
        // lesson 6
        drop(recent);
        // Nobody may be listening, and then nobody misses it.
        let _ = self.told.send(batch.into());
    }

    fn recent(&self) -> std::sync::MutexGuard<'_, Recent> {
        self.recent.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
