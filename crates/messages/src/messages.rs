//! What the rest of a server sees of the messages.

use std::sync::Arc;

use protocol::{Id, Message, Who};
use secrecy::SecretString;
use tokio::sync::broadcast;
use tracing::debug;

use crate::{
    ended::Ended,
    entry::Entry,
    history::{History, Published},
    limit::Limit,
    presence::Presence,
    publish_error::PublishError,
    redis_client::{commands, open},
    shared::Shared,
    subscription,
};

/// The messages of all replicas, as one replica sees them. Clones share one subscription.
#[derive(Clone)]
pub struct Messages {
    pub(crate) shared: Arc<Shared>,
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
        let (reads, commands) = (commands(&client)?, commands(&client)?);
        let history = History::new(commands.clone(), reads);
        let presence = Presence::start(commands.clone(), replica);
        let ended = Ended::new(commands.clone());
        let shared = Arc::new(Shared::new(history, presence, ended, replica));
        let url = url.to_owned();
        tokio::spawn(subscription::run(
            client,
            commands,
            url,
            Arc::clone(&shared),
        ));
        Ok(Messages { shared })
    }

    /// Takes what `author` said into the history, from where all replicas, this one too, hear of it.
    ///
    /// `key` is the message's *idempotency key*. Whoever gets no answer sends it again under the same key, to any replica,
    /// within five minutes: it is said once, and both tries give the same message.
    ///
    /// `limit` is how much the sender may say, over all replicas. A message that is said again is not counted again.
    ///
    /// Nobody needs to be subscribed. Whoever is away reads it later.
    ///
    /// # Errors
    /// When it was not taken in, or nobody can say whether it was.
    pub async fn publish(
        &self,
        author: &Who,
        text: &str,
        key: Option<&str>,
        limit: &Limit,
    ) -> Result<Published, PublishError> {
        let entry = Entry::new(&self.shared.replica, author, text);
        let published = self.shared.history.publish(&entry, key, limit).await?;
        let Published { message, repeated } = &published;
        if message.player != author.player || message.text != text {
            return Err(PublishError::KeyUsed);
        }
        debug!(id = %message.id, repeated, "published a message");
        Ok(published)
    }

    /// Everything that comes into the history from now on, in batches of what came at once: in its order, without a hole,
    /// nothing twice. What was said while this replica was away comes when it is back.
    ///
    /// It ends where there is a hole: this replica was away for so long that the history does not reach back to where it
    /// was, or Redis has lost the history. Readers of its own then cannot know what they missed. Each of them has to
    /// [`resume`](Self::resume) from where it was, and this must be called again for what comes after the hole. The same
    /// happens once at the start, when this replica begins with what the history has.
    ///
    /// All that is not given here was taken in before, and [`newest`](Self::newest), asked afterwards, says how far.
    #[must_use]
    pub fn subscribe(&self) -> broadcast::Receiver<Arc<[Message]>> {
        self.shared.subscribe()
    }

    /// How far this replica knows the history: the id of the last message that it took in.
    #[must_use]
    pub fn newest(&self) -> Id {
        self.shared.look(|recent| recent.newest())
    }

    /// What keeps messages from being passed on, if anything does.
    #[must_use]
    pub fn missing(&self) -> Option<&'static str> {
        (!self.shared.link.is_open())
            .then_some("messages cannot be passed on, because this replica is not subscribed")
    }

    /// The sessions that end.
    #[must_use]
    pub fn ended(&self) -> &Ended {
        &self.shared.ended
    }

    /// Who is here.
    #[must_use]
    pub fn presence(&self) -> &Presence {
        &self.shared.presence
    }
}
