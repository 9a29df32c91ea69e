//! The sockets of this replica that are told what is said.

use std::{collections::BTreeMap, sync::Arc};

use axum::extract::ws::Utf8Bytes;
use messages::Present;
use parking_lot::Mutex;
use protocol::CloseReason;
use protocol::Id;
use sockets::Outbound;
use tokio::sync::watch;
use tokio::task::yield_now;

use crate::chat::frames::changes_frame;

/// Sockets that are written to before others get a turn, such as a request or the health check. A write takes some
/// microseconds, so this is about a millisecond.
const TURN: usize = 256;

/// All sockets that are told what is said.
#[derive(Debug, Default)]
pub struct Members {
    /// By a number that no two of them have.
    open: Mutex<BTreeMap<u64, Arc<Outbound>>>,
    /// Who is here, as all of them were told.
    here: Mutex<Arc<Present>>,

    // lesson 7
    /// Up to where the history was delivered to all of them.
    pub delivered_up_to: watch::Sender<Id>,
}

/// A socket's membership, which ends when this is dropped.
#[derive(Debug)]
pub struct Member {
    number: u64,
    members: Arc<Members>,
}

impl Members {
    /// Tells this socket everything from now on.
    pub fn join(self: &Arc<Members>, outbound: &Arc<Outbound>) -> Member {
        let mut open = self.open.lock();
        let number = open.last_key_value().map_or(0, |(last, _)| last + 1);
        open.insert(number, Arc::clone(outbound));
        Member {
            number,
            members: Arc::clone(self),
        }
    }

    /// Who is here, as all were told: for a socket that has just joined, so that the next change follows on it.
    pub fn here(&self) -> Arc<Present> {
        Arc::clone(&self.here.lock())
    }

    /// Tells all what has changed in who is here since they were told last.
    pub async fn tell_changes(&self, present: Arc<Present>) {
        let before = std::mem::replace(&mut *self.here.lock(), Arc::clone(&present));
        // Without a wait between the two, nobody can join between them.
        self.send(&[changes_frame(&before, &present)]).await;
    }

    /// Writes these frames to all, or has them wait where a client is behind.
    pub async fn send(&self, frames: &[Utf8Bytes]) {
        let all: Vec<Arc<Outbound>> = self.open.lock().values().cloned().collect();
        for turn in all.chunks(TURN) {
            for outbound in turn {
                outbound.try_send(frames);
            }
            yield_now().await;
        }
    }

    // lesson 7
    /// Has all sockets closed for this reason, and says how many.
    pub fn evict(&self, reason: CloseReason) -> usize {
        let open = self.open.lock();
        open.values().for_each(|outbound| outbound.evict(reason));
        open.len()
    }
}

impl Drop for Member {
    fn drop(&mut self) {
        self.members.open.lock().remove(&self.number);
    }
}
