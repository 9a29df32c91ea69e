use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use secrecy::SecretString;
use tokio::sync::{broadcast, watch};
use tracing::debug;

use crate::{
    Id, Message, NotSent, Presence,
    history::{History, Page},
    memory::{Added, Memory},
    redis_client::{commands, open},
    subscription,
};

/// The channel that every replica publishes on and subscribes to.
pub(crate) const CHANNEL: &str = "goatscale:messages";

/// Batches that a reader of [`Messages::subscribe`] may be behind before it misses some.
const BEHIND: usize = 1024;

/// The messages of all replicas, as one replica sees them. Clones share one subscription.
#[derive(Clone)]
pub struct Messages {
    pub(crate) shared: Arc<Shared>,
}

/// A message that stands in the history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    /// The message, with its id.
    pub message: Message,
    /// It stood there before: its key was known.
    pub repeated: bool,
}

/// What the subscription and its readers share.
pub(crate) struct Shared {
    pub history: History,
    pub presence: Presence,
    pub is_subscribed: AtomicBool,
    state: Mutex<State>,
    /// How far this replica knows the history; nothing as long as it knows nothing of it.
    newest: watch::Sender<Option<Id>>,
    replica: String,
}

struct State {
    memory: Memory,
    told: broadcast::Sender<Arc<[Message]>>,
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
        let shared = Arc::new(Shared {
            history: History::new(commands.clone()),
            presence: Presence::start(commands, replica),
            is_subscribed: AtomicBool::new(false),
            state: Mutex::new(State {
                memory: Memory::default(),
                told: broadcast::Sender::new(BEHIND),
            }),
            newest: watch::Sender::default(),
            replica: replica.to_owned(),
        });
        let url = url.to_owned();
        tokio::spawn(subscription::keep(client, url, Arc::clone(&shared)));
        Ok(Messages { shared })
    }

    /// Takes what `author` said into the history, from where all replicas, this one too, hear of it.
    ///
    /// `key` is the message's *idempotency key*. Whoever gets no answer sends it again under the same key, to any replica,
    /// within five minutes: it is said once, and both tries give the same message.
    ///
    /// Nobody needs to be subscribed. Whoever is away reads it later.
    ///
    /// # Errors
    /// When it was not taken in, or nobody can say whether it was.
    pub async fn publish(
        &self,
        author: &str,
        text: &str,
        key: Option<&str>,
    ) -> Result<Published, NotSent> {
        let message = Message::new(&self.shared.replica, author, text);
        let published = self.shared.history.publish(&message, key).await?;
        let Published { message, repeated } = &published;
        if message.author != author || message.text != text {
            return Err(NotSent::KeyUsed);
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
        self.shared.state().told.subscribe()
    }

    /// How far this replica knows the history: the id of the last message that it took in.
    #[must_use]
    pub fn newest(&self) -> Id {
        self.shared.state().memory.newest()
    }

    /// What keeps messages from being passed on, if anything does.
    #[must_use]
    pub fn missing(&self) -> Option<&'static str> {
        let is_subscribed = self.shared.is_subscribed.load(Ordering::Relaxed);
        (!is_subscribed).then_some("messages are not passed on: no subscription")
    }

    /// Who is here.
    #[must_use]
    pub fn presence(&self) -> &Presence {
        &self.shared.presence
    }
}

impl Shared {
    /// How far this replica knows the history; nothing as long as it knows nothing of it.
    pub fn newest(&self) -> Option<Id> {
        *self.newest.borrow()
    }

    /// Waits until this replica knows the history up to `id`.
    ///
    /// # Errors
    /// When it does not within the time.
    pub async fn reaches(&self, id: Id, within: Duration) -> anyhow::Result<()> {
        let mut newest = self.newest.subscribe();
        let reached = newest.wait_for(|newest| newest.is_some_and(|newest| newest >= id));
        tokio::time::timeout(within, reached).await??;
        Ok(())
    }

    /// Begins with the last part of the history. All that was known before is forgotten, and whoever reads along is told so.
    pub fn begin(&self, last: Page) {
        let (first, newest) = last.ends.unwrap_or_default();
        let floor = if last.is_full { first } else { Id::ZERO };
        let mut state = self.state();
        state.memory = Memory::new(last.messages, floor, newest);
        state.told = broadcast::Sender::new(BEHIND);
        self.newest.send_replace(Some(newest));
    }

    /// Takes in what comes next in the history.
    ///
    /// # Errors
    /// When it cannot be what comes next.
    pub fn take(&self, batch: &[Message]) -> anyhow::Result<()> {
        let mut state = self.state();
        let mut added = Vec::with_capacity(batch.len());
        let mut backwards = None;
        for message in batch {
            match state.memory.push(message) {
                Added::Yes => added.push(message.clone()),
                Added::Twice => {}
                Added::Backwards => {
                    backwards = Some(message.id);
                    break;
                }
            }
        }
        let newest = state.memory.newest();
        if !added.is_empty() {
            // Nobody may be listening, and then nobody misses it.
            let _ = state.told.send(added.into());
            self.newest.send_replace(Some(newest));
        }
        match backwards {
            Some(id) => anyhow::bail!("message {id} came after {newest}: the history began anew"),
            None => Ok(()),
        }
    }

    /// The history is known up to here, though no message stands there.
    pub fn advance(&self, to: Id) {
        let mut state = self.state();
        state.memory.advance(to);
        self.newest.send_replace(Some(state.memory.newest()));
    }

    /// Looks something up in what is at hand.
    pub fn look<T>(&self, look: impl FnOnce(&Memory) -> T) -> T {
        look(&self.state().memory)
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
