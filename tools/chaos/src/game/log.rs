//! What one player writes down of one match.

use std::{collections::BTreeSet, time::Duration};

/// What one player has seen of one match, from its welcome to its last word.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Log {
    /// Who it is.
    pub player: usize,
    /// Which match.
    pub match_id: String,
    /// On which seat.
    pub seat: u8,
    /// When it was let in, since the run began.
    pub entered: Duration,
    /// When it heard the last word of the match.
    pub heard: Duration,
    /// The servers that had the match, one after another.
    pub stays: Vec<Stay>,
    /// Stretches in which it was shown nothing though the match had begun: those that were too long to be unnoticed.
    pub pauses: Vec<(Duration, Duration)>,
    /// Seats whose goats it has seen without a life left.
    pub out: BTreeSet<u8>,
    /// Each result that it was told: there must be one.
    pub results: Vec<String>,
    /// Why it plays no more, if it does not.
    pub end: Option<End>,
}

/// What was shown by one server that had the match.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stay {
    /// How many servers had had the match, with this one.
    pub epoch: u32,
    /// Which server.
    pub server: String,
    /// When the player was let in there.
    pub since: Duration,
    /// Whether the match came here in order, and not after a loss.
    pub is_orderly: bool,
    /// Each tick with the hash of its state, in the order in which they came.
    pub shown: Vec<(u32, u32)>,
}

/// Why somebody plays no more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// The match is over, and it was told so.
    Told,
    /// It was sent away, or found no way back. Whose goat has no life left has no seat to come back to.
    Lost(String),
}

impl Log {
    /// The player was let in by a server, at that time. `is_orderly`: whether a match that comes from another one came in order.
    pub fn welcomed(&mut self, at: Duration, epoch: u32, server: &str, is_orderly: bool) {
        let last = self.stays.last();
        if last.is_none_or(|last| last.epoch != epoch || last.server != server) {
            self.stays.push(Stay {
                epoch,
                server: server.to_owned(),
                since: at,
                is_orderly,
                shown: Vec::new(),
            });
        }
    }

    /// The player was shown a state.
    pub fn shown(&mut self, tick: u32, hash: u32) {
        if let Some(stay) = self.stays.last_mut() {
            stay.shown.push((tick, hash));
        }
    }
}
