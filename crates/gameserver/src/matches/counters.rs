//! What has happened here since this process began.

use std::sync::atomic::{AtomicU64, Ordering};

use serde::{Serialize, Serializer};

use crate::seats::inputs::Taken;

/// A number that only grows.
#[derive(Debug, Default)]
pub struct Counter(AtomicU64);

impl Counter {
    /// It has happened so often more.
    pub fn add(&self, times: u64) {
        self.0.fetch_add(times, Ordering::Relaxed);
    }
}

impl Serialize for Counter {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u64(self.0.load(Ordering::Relaxed))
    }
}

/// What has happened here since this process began.
#[derive(Debug, Default, Serialize)]
pub struct Counters {
    /// Matches that began.
    pub matches: Counter,
    /// Matches that ended by a fault of this server.
    pub faults: Counter,
    /// Ticks that were played.
    pub ticks: Counter,
    /// Ticks that came noticeably late, and those that were left out because the one before came even later.
    pub late_ticks: Counter,
    /// Ticks that were not played, because the directory had not answered for longer than a lease.
    pub held_ticks: Counter,
    /// Matches of other servers that go on here.
    pub taken_over: Counter,
    /// Matches that were given to others before this server ended.
    pub handed_over: Counter,
    /// Matches that were another server's by the time that this one asked.
    pub fenced: Counter,
    /// Inputs that were queued for a tick.
    pub inputs_taken: Counter,
    /// Of these, inputs that came when too many waited.
    pub inputs_merged: Counter,
    /// Inputs that were older than others, or too far ahead, or came on a socket that another has replaced.
    pub inputs_stale: Counter,
    /// Frames that made no sense.
    pub frames_bad: Counter,
    /// Tickets that were not accepted.
    pub tickets_refused: Counter,
    /// Players who came back to their seats on another socket.
    pub resumed: Counter,
    /// Those who wanted to, and whose token was not accepted.
    pub resumes_refused: Counter,
    /// Snapshots that were handed to a socket.
    pub snapshots: Counter,
    /// Their bytes.
    pub snapshot_bytes: Counter,
    /// Snapshots that a player was not sent who had seen nothing for a second.
    pub snapshots_withheld: Counter,
}

impl Counters {
    /// An input has come, and this has become of it.
    pub fn count(&self, taken: Taken) {
        match taken {
            Taken::Queued => self.inputs_taken.add(1),
            Taken::Merged => {
                self.inputs_taken.add(1);
                self.inputs_merged.add(1);
            }
            Taken::Stale => self.inputs_stale.add(1),
        }
    }
}
