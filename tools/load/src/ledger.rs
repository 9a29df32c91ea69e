//! Who has received what, and whether it is what was owed, once, and in one order for all.
//!
//! There is one list of all messages, in the order in which somebody first saw them. A receiver is a position in
//! that list as long as all goes well, so a delivery costs one comparison, and ten thousand receivers need no
//! memory for what they have had. Only what deviates is written down.

use std::collections::{BTreeSet, HashMap, HashSet};

use serde::Serialize;

use crate::stamp::Key;

/// What became of the deliveries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// Messages that the server acknowledged with `sent`. Only these are owed.
    pub acknowledged: u64,
    /// Deliveries of acknowledged messages that should have been made.
    pub owed: u64,
    /// First deliveries of a message to a receiver.
    pub delivered: u64,
    /// Owed and never delivered.
    pub lost: u64,
    /// Delivered to the same receiver again.
    pub duplicated: u64,
    /// Delivered in another order than to other receivers, or than its sender sent it.
    pub out_of_order: u64,
}

/// The account of one run.
#[derive(Debug, Default)]
pub struct Ledger {
    /// Every message in the order in which somebody first saw it.
    order: Vec<Key>,
    places: HashMap<Key, Place>,
    /// Those outside the list: somebody lost them before others saw them.
    strays: Vec<Key>,
    acknowledged: HashSet<Key>,
    acknowledged_and_seen: usize,
    /// The last message of each sender in `order`.
    newest: HashMap<u32, u32>,
    receivers: Vec<Receiver>,
    tally: Tally,
}

#[derive(Clone, Copy, Debug)]
enum Place {
    /// At this index of the list.
    At(usize),
    /// Seen first by a receiver that had others before it, and they had not seen it: before the one at this index.
    Before(usize),
}

#[derive(Debug, Default)]
struct Receiver {
    /// How far in the list it is.
    next: usize,
    /// Positions before `next` that it has not had.
    missing: BTreeSet<usize>,
    /// Messages outside the list that it has had.
    strays: HashSet<Key>,
    closed: bool,
}

impl Ledger {
    /// An account for this many receivers, all of which are there from the beginning.
    #[must_use]
    pub fn new(receivers: usize) -> Ledger {
        Ledger {
            receivers: (0..receivers).map(|_| Receiver::default()).collect(),
            ..Ledger::default()
        }
    }

    /// The server has acknowledged a message: it is owed to every receiver that is there.
    pub fn acknowledge(&mut self, key: Key) {
        if self.acknowledged.insert(key) {
            self.tally.acknowledged += 1;
            if self.places.contains_key(&key) {
                self.acknowledged_and_seen += 1;
            }
        }
    }

    /// A receiver has got a message.
    pub fn deliver(&mut self, receiver: usize, key: Key) {
        let receiver = &mut self.receivers[receiver];
        // Nearly always: it is the next in the list, or the first that anybody sees.
        if self.order.get(receiver.next) == Some(&key) {
            receiver.next += 1;
            self.tally.delivered += 1;
            return;
        }
        match self.places.get(&key) {
            None if receiver.next == self.order.len() => {
                receiver.next += 1;
                self.place(key, Place::At(self.order.len()));
            }
            None => {
                receiver.strays.insert(key);
                let before = receiver.next;
                self.place(key, Place::Before(before));
            }
            Some(Place::At(place)) if *place >= receiver.next => {
                receiver.missing.extend(receiver.next..*place);
                receiver.next = place + 1;
                self.tally.delivered += 1;
            }
            Some(Place::At(place)) if receiver.missing.remove(place) => {
                self.tally.delivered += 1;
                self.tally.out_of_order += 1;
            }
            Some(Place::At(_)) => self.tally.duplicated += 1,
            Some(Place::Before(place)) if receiver.strays.insert(key) => {
                self.tally.delivered += 1;
                if receiver.next > *place {
                    self.tally.out_of_order += 1;
                } else {
                    receiver.missing.extend(receiver.next..*place);
                    receiver.next = *place;
                }
            }
            Some(Place::Before(_)) => self.tally.duplicated += 1,
        }
    }

    /// A receiver's socket has closed. What was acknowledged until now is owed to it, and nothing after.
    pub fn close(&mut self, receiver: usize) {
        if self.receivers[receiver].closed {
            return;
        }
        let lost = self.lost(receiver);
        self.receivers[receiver].closed = true;
        self.tally.owed += self.acknowledged.len() as u64;
        self.tally.lost += lost;
    }

    /// How many messages every open receiver has passed. None if all are closed.
    #[must_use]
    pub fn slowest(&self) -> Option<usize> {
        let open = self.receivers.iter().filter(|receiver| !receiver.closed);
        open.map(|receiver| receiver.next).min()
    }

    /// Whether every open receiver has had all that was acknowledged.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        (0..self.receivers.len()).all(|index| self.receivers[index].closed || self.lost(index) == 0)
    }

    /// Acknowledged messages until now.
    #[must_use]
    pub fn acknowledged(&self) -> u64 {
        self.tally.acknowledged
    }

    /// Deliveries until now.
    #[must_use]
    pub fn delivered(&self) -> u64 {
        self.tally.delivered
    }

    /// Closes the account of all receivers that are still there, and gives the result.
    #[must_use]
    pub fn finish(mut self) -> Tally {
        for receiver in 0..self.receivers.len() {
            self.close(receiver);
        }
        self.tally
    }

    /// Writes down where a message is that nobody had seen before.
    fn place(&mut self, key: Key, place: Place) {
        self.places.insert(key, place);
        if self.acknowledged.contains(&key) {
            self.acknowledged_and_seen += 1;
        }
        self.tally.delivered += 1;
        if let Place::Before(_) = place {
            return self.strays.push(key);
        }
        self.order.push(key);
        // Who sees a message before an earlier one of the same sender sees it as everybody else will.
        let newest = self.newest.entry(key.sender).or_insert(key.sequence);
        if *newest > key.sequence {
            self.tally.out_of_order += 1;
        }
        *newest = key.sequence.max(*newest);
    }

    /// Acknowledged messages that a receiver has not had.
    fn lost(&self, receiver: usize) -> u64 {
        let receiver = &self.receivers[receiver];
        let owed = |key: &&Key| self.acknowledged.contains(key);
        let ahead = self.order[receiver.next..].iter().filter(owed).count();
        let missing = receiver.missing.iter().map(|place| &self.order[*place]);
        let missing = missing.filter(owed).count();
        let strays = self.strays.iter().filter(owed);
        let strays = strays.filter(|key| !receiver.strays.contains(key)).count();
        let unseen = self.acknowledged.len() - self.acknowledged_and_seen;
        (ahead + missing + strays + unseen) as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(sequence: u32) -> Key {
        Key {
            sender: 0,
            sequence,
        }
    }

    /// Two receivers of three acknowledged messages, delivered as given.
    fn tally(first: &[u32], second: &[u32]) -> Tally {
        let mut ledger = Ledger::new(2);
        for sequence in 0..3 {
            ledger.acknowledge(key(sequence));
        }
        for sequence in first {
            ledger.deliver(0, key(*sequence));
        }
        for sequence in second {
            ledger.deliver(1, key(*sequence));
        }
        ledger.finish()
    }

    const FINE: Tally = Tally {
        acknowledged: 3,
        owed: 6,
        delivered: 6,
        lost: 0,
        duplicated: 0,
        out_of_order: 0,
    };

    #[test]
    fn all_delivered_once_in_order_is_fine() {
        assert_eq!(tally(&[0, 1, 2], &[0, 1, 2]), FINE);
    }

    #[test]
    fn a_lost_message_is_found_wherever_it_is() {
        let lost = |lost| Tally {
            lost,
            delivered: 6 - lost,
            ..FINE
        };
        for others in [[0, 1], [0, 2], [1, 2]] {
            assert_eq!(tally(&[0, 1, 2], &others), lost(1), "{others:?}");
            // Also by the one that all others are compared with.
            assert_eq!(tally(&others, &[0, 1, 2]), lost(1), "{others:?}");
            assert_eq!(tally(&others, &others), lost(2), "{others:?}");
        }
        assert_eq!(tally(&[], &[]), lost(6));
    }

    #[test]
    fn a_doubled_message_is_found_wherever_it_is() {
        let doubled = |duplicated| Tally { duplicated, ..FINE };
        for twice in [[0, 0, 1, 2], [0, 1, 0, 2], [0, 1, 2, 2]] {
            assert_eq!(tally(&[0, 1, 2], &twice), doubled(1), "{twice:?}");
            assert_eq!(tally(&twice, &[0, 1, 2]), doubled(1), "{twice:?}");
            assert_eq!(tally(&twice, &twice), doubled(2), "{twice:?}");
        }
    }

    #[test]
    fn another_order_is_found_on_either_side() {
        for swapped in [[0, 2, 1], [1, 0, 2], [2, 1, 0]] {
            for found in [
                tally(&[0, 1, 2], &swapped),
                tally(&swapped, &[0, 1, 2]),
                tally(&swapped, &swapped),
            ] {
                assert!(found.out_of_order > 0, "{swapped:?}");
                assert_eq!(
                    (found.lost, found.duplicated, found.delivered),
                    (0, 0, 6),
                    "{swapped:?}"
                );
            }
        }
    }

    #[test]
    fn all_clients_see_the_messages_of_different_senders_in_one_order() {
        let mut ledger = Ledger::new(2);
        let of = |sender| Key {
            sender,
            sequence: 0,
        };
        for sender in [0, 1] {
            ledger.acknowledge(of(sender));
            ledger.deliver(0, of(sender));
            ledger.deliver(1, of(1 - sender));
        }
        let tally = ledger.finish();
        assert_eq!((tally.out_of_order, tally.lost), (1, 0));
    }

    #[test]
    fn what_was_not_acknowledged_is_not_owed() {
        let mut ledger = Ledger::new(2);
        ledger.deliver(0, key(0));
        assert!(ledger.is_settled());
        ledger.acknowledge(key(0));
        assert!(!ledger.is_settled());
        assert_eq!(ledger.slowest(), Some(0));
        ledger.deliver(1, key(0));
        assert!(ledger.is_settled());
        assert_eq!(ledger.slowest(), Some(1));
    }

    #[test]
    fn a_closed_receiver_is_owed_what_was_acknowledged_until_then() {
        let mut ledger = Ledger::new(2);
        ledger.acknowledge(key(0));
        ledger.deliver(0, key(0));
        ledger.close(1);
        ledger.close(1);
        ledger.acknowledge(key(1));
        ledger.deliver(0, key(1));
        assert!(ledger.is_settled());
        let tally = ledger.finish();
        assert_eq!((tally.owed, tally.delivered, tally.lost), (3, 2, 1));
    }
}
