//! What the subscription and its readers share.

use std::sync::Arc;

use parking_lot::Mutex;
use protocol::{Id, Message};
use tokio::sync::broadcast;

use crate::ended::Ended;
use crate::presence::Presence;
use crate::{link::Link, recent::Recent};

// lesson 6
/// Batches that a reader of what is said may be behind before it misses some.
const BEHIND: usize = 1024;

/// What the subscription and its readers share.
pub(crate) struct Shared {
    pub link: Link,
    pub replica: String,
    recent: Mutex<Recent>,
    // lesson 6
    pub presence: Presence,
    pub ended: Ended,
    readers: broadcast::Sender<Arc<[Message]>>,
}

impl Shared {
    /// Nothing was said yet.
    pub fn new(
        replica: &str,
        // lesson 6
        presence: Presence,
        ended: Ended,
    ) -> Shared {
        Shared {
            link: Link::default(),
            replica: replica.to_owned(),
            recent: Mutex::default(),
            // lesson 6
            presence,
            ended,
            readers: broadcast::Sender::new(BEHIND),
        }
    }

    // lesson 6
    /// Everything that is taken in from now on.
    pub fn subscribe(&self) -> broadcast::Receiver<Arc<[Message]>> {
        self.readers.subscribe()
    }

    /// Takes in what the subscription was told.
    pub fn take(&self, batch: Vec<Message>) {
        let mut recent = self.recent.lock();
        for message in &batch {
            recent.push(message.clone());
        }
        // lesson 6
        drop(recent);
        // Nobody may be listening, and then nobody misses it.
        let _ = self.readers.send(batch.into());
    }

    /// The messages that came after the one with this id, in Redis' order; all that are kept if there is no id.
    pub fn after(&self, id: Option<Id>) -> Vec<Message> {
        self.recent.lock().after(id)
    }
}
