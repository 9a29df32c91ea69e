//! What the subscription and its readers share.

use std::{sync::Arc, time::Duration};

use parking_lot::Mutex;
use protocol::{Id, Message};
use tokio::{
    sync::{broadcast, watch},
    time::timeout,
};

use crate::{
    ended::Ended,
    history::{History, Page},
    link::Link,
    presence::Presence,
    recent::{Added, Recent},
};

/// Batches that a reader of what is said may be behind before it misses some.
const BEHIND: usize = 1024;

/// What the subscription and its readers share.
pub(crate) struct Shared {
    pub history: History,
    pub presence: Presence,
    pub ended: Ended,
    pub link: Link,
    pub replica: String,
    state: Mutex<State>,
    /// How far this replica knows the history; nothing as long as it knows nothing of it.
    newest: watch::Sender<Option<Id>>,
}

struct State {
    recent: Recent,
    readers: broadcast::Sender<Arc<[Message]>>,
}

impl Shared {
    /// Nothing is known of the history yet.
    pub fn new(history: History, presence: Presence, ended: Ended, replica: &str) -> Shared {
        Shared {
            history,
            presence,
            ended,
            link: Link::default(),
            replica: replica.to_owned(),
            state: Mutex::new(State {
                recent: Recent::default(),
                readers: broadcast::Sender::new(BEHIND),
            }),
            newest: watch::Sender::default(),
        }
    }

    /// Everything that is taken in from now on, up to the next [`begin`](Self::begin).
    pub fn subscribe(&self) -> broadcast::Receiver<Arc<[Message]>> {
        self.state.lock().readers.subscribe()
    }

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
        timeout(within, reached).await??;
        Ok(())
    }

    /// Begins with the last part of the history. All that was known before is forgotten, and whoever reads along is told so.
    pub fn begin(&self, last: Page) {
        let (first, newest) = last.ends.unwrap_or_default();
        let floor = if last.is_full { first } else { Id::ZERO };
        let mut state = self.state.lock();
        state.recent = Recent::new(last.messages, floor, newest);
        state.readers = broadcast::Sender::new(BEHIND);
        self.newest.send_replace(Some(newest));
    }

    /// Takes in what comes next in the history.
    ///
    /// # Errors
    /// When it cannot be what comes next.
    pub fn take(&self, batch: &[Message]) -> anyhow::Result<()> {
        let mut state = self.state.lock();
        let mut added = Vec::with_capacity(batch.len());
        let mut backwards = None;
        for message in batch {
            match state.recent.push(message) {
                Added::Yes => added.push(message.clone()),
                Added::Twice => {}
                Added::Backwards => {
                    backwards = Some(message.id);
                    break;
                }
            }
        }
        let newest = state.recent.newest();
        if !added.is_empty() {
            // Nobody may be listening, and then nobody misses it.
            let _ = state.readers.send(added.into());
            self.newest.send_replace(Some(newest));
        }
        match backwards {
            Some(id) => anyhow::bail!("message {id} came after {newest}: the history began anew"),
            None => Ok(()),
        }
    }

    /// The history is known up to here, though no message stands there.
    pub fn advance(&self, to: Id) {
        let mut state = self.state.lock();
        state.recent.advance(to);
        self.newest.send_replace(Some(state.recent.newest()));
    }

    /// Looks something up in what is at hand.
    pub fn look<T>(&self, look: impl FnOnce(&Recent) -> T) -> T {
        look(&self.state.lock().recent)
    }
}
