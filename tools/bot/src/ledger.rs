//! Who has received what, and whether it is what was owed, once, and in one order for all.
//!
//! There is one list of all messages, in the order in which somebody first saw them. A receiver is a position in
//! that list as long as all goes well, so a delivery costs one comparison, and ten thousand receivers need no
//! memory for what they have had. Only what deviates is written down. The server is not asked about any of this.

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    hash::Hash,
};

use crate::{
    order::{Order, Place},
    tally::{Delivery, Tally},
};

/// The account of one run, over messages that are known by an `M`.
#[derive(Debug)]
pub struct Ledger<M, O> {
    order: O,
    /// Every message in the order in which somebody first saw it.
    list: Vec<M>,
    positions: HashMap<M, Position>,
    /// Those outside the list: somebody lost them before others saw them.
    strays: Vec<M>,
    acknowledged: HashSet<M>,
    acknowledged_and_seen: usize,
    receivers: Vec<Receiver<M>>,
    tally: Tally,
}

#[derive(Clone, Copy, Debug)]
enum Position {
    /// At this index of the list.
    At(usize),
    /// Seen first by a receiver that had others before it, and they had not seen it: before the one at this index.
    Before(usize),
}

#[derive(Clone, Debug)]
struct Receiver<M> {
    /// How far in the list it is.
    next: usize,
    /// Indices before `next` that it has not had.
    missing: BTreeSet<usize>,
    /// Messages outside the list that it has had.
    strays: HashSet<M>,
    closed: bool,
}

impl<M: Copy + Eq + Hash, O: Order<M>> Ledger<M, O> {
    /// An account for this many receivers, all of which are there from the beginning.
    #[must_use]
    pub fn new(receivers: usize, order: O) -> Ledger<M, O> {
        let receiver = Receiver {
            next: 0,
            missing: BTreeSet::new(),
            strays: HashSet::new(),
            closed: false,
        };
        Ledger {
            order,
            list: Vec::new(),
            positions: HashMap::new(),
            strays: Vec::new(),
            acknowledged: HashSet::new(),
            acknowledged_and_seen: 0,
            receivers: vec![receiver; receivers],
            tally: Tally::default(),
        }
    }

    /// The server has acknowledged a message: it is owed to every receiver that is there.
    pub fn acknowledge(&mut self, message: M) {
        if self.acknowledged.insert(message) {
            self.tally.acknowledged += 1;
            if self.positions.contains_key(&message) {
                self.acknowledged_and_seen += 1;
            }
        }
    }

    /// A receiver has got a message. Says how it came.
    pub fn deliver(&mut self, receiver: usize, message: M) -> Delivery {
        let Some(place) = self.place(receiver, message) else {
            self.tally.duplicated += 1;
            return Delivery::Again;
        };
        self.tally.delivered += 1;
        if self.order.is_late(receiver, message, place) {
            self.tally.out_of_order += 1;
            return Delivery::Late;
        }
        Delivery::InOrder
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

    /// The notion of order, with what it has seen.
    #[must_use]
    pub fn order(&self) -> &O {
        &self.order
    }

    /// What was found until now. What is owed and lost is known of closed receivers only.
    #[must_use]
    pub fn tally(&self) -> Tally {
        self.tally
    }

    /// Closes the account of all receivers that are still there, and gives the result.
    #[must_use]
    pub fn finish(mut self) -> Tally {
        for receiver in 0..self.receivers.len() {
            self.close(receiver);
        }
        self.tally
    }

    /// Acknowledged messages that a receiver has not had, in no order.
    pub fn missing(&self, receiver: usize) -> impl Iterator<Item = M> {
        let receiver = &self.receivers[receiver];
        self.acknowledged
            .iter()
            .copied()
            .filter(|message| match self.positions.get(message) {
                None => true,
                Some(Position::At(index)) => {
                    *index >= receiver.next || receiver.missing.contains(index)
                }
                Some(Position::Before(_)) => !receiver.strays.contains(message),
            })
    }

    /// Writes down that a receiver has had a message, and gives where it stands; none if it had it before.
    fn place(&mut self, receiver: usize, message: M) -> Option<Place> {
        let receiver = &mut self.receivers[receiver];
        // Nearly always: it is the next in the list, or the first that anybody sees.
        if self.list.get(receiver.next) == Some(&message) {
            receiver.next += 1;
            return Some(Place::Behind);
        }
        match self.positions.get(&message) {
            None if receiver.next == self.list.len() => {
                receiver.next += 1;
                self.add(message, Position::At(self.list.len()));
                self.list.push(message);
                Some(Place::New)
            }
            None => {
                receiver.strays.insert(message);
                let before = receiver.next;
                self.add(message, Position::Before(before));
                self.strays.push(message);
                Some(Place::Behind)
            }
            Some(Position::At(index)) if *index >= receiver.next => {
                receiver.missing.extend(receiver.next..*index);
                receiver.next = index + 1;
                Some(Place::Behind)
            }
            Some(Position::At(index)) => receiver.missing.remove(index).then_some(Place::Before),
            Some(Position::Before(index)) if receiver.strays.insert(message) => {
                if receiver.next > *index {
                    return Some(Place::Before);
                }
                receiver.missing.extend(receiver.next..*index);
                receiver.next = *index;
                Some(Place::Behind)
            }
            Some(Position::Before(_)) => None,
        }
    }

    fn add(&mut self, message: M, position: Position) {
        self.positions.insert(message, position);
        if self.acknowledged.contains(&message) {
            self.acknowledged_and_seen += 1;
        }
    }

    /// How many acknowledged messages a receiver has not had. It costs as much as that are, and not as there were.
    fn lost(&self, receiver: usize) -> u64 {
        let receiver = &self.receivers[receiver];
        let owed = |message: &&M| self.acknowledged.contains(message);
        let ahead = self.list[receiver.next..].iter().filter(owed).count();
        let missing = receiver.missing.iter().map(|index| &self.list[*index]);
        let missing = missing.filter(owed).count();
        let strays = self.strays.iter().filter(owed);
        let strays = strays
            .filter(|stray| !receiver.strays.contains(stray))
            .count();
        let unseen = self.acknowledged.len() - self.acknowledged_and_seen;
        (ahead + missing + strays + unseen) as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{order::SameForAll, stamp::Key};

    fn key(sequence: u32) -> Key {
        Key {
            sender: 0,
            sequence,
        }
    }

    /// Two receivers of three acknowledged messages, delivered as given.
    fn tally(first: &[u32], second: &[u32]) -> Tally {
        let mut ledger = Ledger::new(2, SameForAll::default());
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
        let mut ledger = Ledger::new(2, SameForAll::default());
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
        let mut ledger = Ledger::new(2, SameForAll::default());
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
        let mut ledger = Ledger::new(2, SameForAll::default());
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
