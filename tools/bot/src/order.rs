//! When a message has come too late.

use std::collections::HashMap;

use crate::stamp::Key;

/// When a message has come too late. There is more than one notion of that, and one way to keep the account.
pub trait Order<M> {
    /// Whether `receiver`, which gets `message` for the first time, should have got it earlier.
    fn is_late(&mut self, receiver: usize, message: M, place: Place) -> bool;
}

/// Where a message stands among those that a receiver has had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Behind all of them; nobody else has had it.
    New,
    /// Behind all of them, as others had it.
    Behind,
    /// Before one of them, as others had it.
    Before,
}

/// The order in which others have had the messages, and in which each sender has sent its own.
#[derive(Debug, Default)]
pub struct SameForAll {
    /// The last message of each sender that anybody has had.
    newest: HashMap<u32, u32>,
}

impl Order<Key> for SameForAll {
    fn is_late(&mut self, _receiver: usize, message: Key, place: Place) -> bool {
        if place != Place::New {
            return place == Place::Before;
        }
        // Who sees a message before an earlier one of the same sender sees it as everybody else will.
        let Key { sender, sequence } = message;
        let newest = self.newest.entry(sender).or_insert(sequence);
        let late = *newest > sequence;
        *newest = sequence.max(*newest);
        late
    }
}
