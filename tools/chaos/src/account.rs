//! Whether every client heard every acknowledged message, once, and in the order that is the same for all: that of the
//! ids.
//!
//! The ledger is the one of all tools. What an id adds stands here: which message is late is known by its id alone, and a
//! message has one id for everybody.

use std::collections::{HashMap, HashSet};

use bot::{
    Key,
    ledger::Ledger,
    order::{Order, Place},
    tally::Delivery,
};
use protocol::Id;
use serde::Serialize;

/// Losses that are described. More would say no more.
const DESCRIBED: usize = 5;

/// A message under its id, as a client heard it or as the server acknowledged it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Named {
    /// What the server calls it.
    pub id: Id,
    /// Which one it is.
    pub key: Key,
}

/// What the check has found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// Messages that the server acknowledged. Only these are owed.
    pub acknowledged: u64,
    /// Messages that were heard and never acknowledged. That may be.
    pub unacknowledged: u64,
    /// First deliveries of a message to a client.
    pub delivered: u64,
    /// Deliveries of acknowledged messages that were never made.
    pub lost: u64,
    /// Deliveries of what the client had already, and messages that stand under a second id, as after a retry.
    pub doubled: u64,
    /// Deliveries after one with a higher id, and ids that are not the same message for all.
    pub out_of_order: u64,
    /// The first few of what is wrong, in words.
    pub examples: Vec<String>,
}

/// The account of one run.
pub struct Account {
    clients: usize,
    ledger: Ledger<Id, ById>,
    names: Names,
    findings: Findings,
    /// Keys of messages that were acknowledged.
    acknowledged: HashSet<Key>,
}

/// What is found beside the ledger.
#[derive(Default)]
struct Findings {
    second_ids: u64,
    shared_ids: u64,
    examples: Vec<String>,
}

/// The order of the ids.
#[derive(Default)]
struct ById {
    /// The greatest id that each client has heard.
    newest: Vec<Id>,
}

impl Order<Id> for ById {
    fn is_late(&mut self, receiver: usize, id: Id, _place: Place) -> bool {
        let newest = &mut self.newest[receiver];
        let late = id < *newest;
        *newest = id.max(*newest);
        late
    }
}

impl Account {
    /// The account of this many clients, which are all there before the first word is said.
    #[must_use]
    pub fn new(clients: usize) -> Account {
        let order = ById {
            newest: vec![Id::default(); clients],
        };
        Account {
            clients,
            ledger: Ledger::new(clients, order),
            names: Names::default(),
            findings: Findings::default(),
            acknowledged: HashSet::new(),
        }
    }

    /// The server has acknowledged a message: it is owed to every client.
    pub fn acknowledge(&mut self, named: Named) {
        self.names.add(named, &mut self.findings);
        self.acknowledged.insert(named.key);
        self.ledger.acknowledge(named.id);
    }

    /// A client has heard a message.
    pub fn hear(&mut self, client: usize, named: Named) {
        self.names.add(named, &mut self.findings);
        let (id, newest) = (named.id, self.ledger.order().newest[client]);
        match self.ledger.deliver(client, id) {
            Delivery::InOrder => {}
            Delivery::Again => self
                .findings
                .describe(|| format!("client {client} heard {id} twice")),
            Delivery::Late => self
                .findings
                .describe(|| format!("client {client} heard {id} after {newest}")),
        }
    }

    /// First deliveries until now.
    #[must_use]
    pub fn delivered(&self) -> u64 {
        self.ledger.tally().delivered
    }

    /// Messages acknowledged until now.
    #[must_use]
    pub fn acknowledged(&self) -> u64 {
        self.ledger.tally().acknowledged
    }

    /// What has come of it, if nothing more comes.
    #[must_use]
    pub fn tally(&self) -> Tally {
        let found = self.ledger.tally();
        let mut examples = self.findings.examples.clone();
        let mut lost = 0;
        for client in 0..self.clients {
            for id in self.ledger.missing(client) {
                lost += 1;
                if examples.len() < DESCRIBED {
                    examples.push(self.names.describe_lost(client, id));
                }
            }
        }
        let named = self.names.ids.len() as u64;
        Tally {
            acknowledged: found.acknowledged,
            unacknowledged: named - self.acknowledged.len() as u64,
            delivered: found.delivered,
            lost,
            doubled: found.duplicated + self.findings.second_ids,
            out_of_order: found.out_of_order + self.findings.shared_ids,
            examples,
        }
    }
}

impl Findings {
    fn describe(&mut self, example: impl FnOnce() -> String) {
        if self.examples.len() < DESCRIBED {
            self.examples.push(example());
        }
    }
}

/// Which id is which message: one to one, for everybody.
#[derive(Default)]
struct Names {
    ids: HashMap<Key, Id>,
    keys: HashMap<Id, Key>,
    /// Pairs that are counted already.
    wrong: HashSet<Named>,
}

impl Names {
    fn add(&mut self, named: Named, findings: &mut Findings) {
        let Named { id, key } = named;
        let (known_id, known_key) = (
            *self.ids.entry(key).or_insert(id),
            *self.keys.entry(id).or_insert(key),
        );
        if (known_id == id && known_key == key) || !self.wrong.insert(named) {
            return;
        }
        let Key { sender, sequence } = key;
        if known_id != id {
            findings.second_ids += 1;
            findings.describe(|| {
                format!("message {sequence} of client {sender} is {known_id} and {id}")
            });
        }
        if known_key != key {
            findings.shared_ids += 1;
            findings.describe(|| format!("{id} is one message for some and another for others"));
        }
    }

    fn describe_lost(&self, client: usize, id: Id) -> String {
        match self.keys.get(&id) {
            Some(Key { sender, sequence }) => {
                format!("client {client} never heard {id}, message {sequence} of client {sender}")
            }
            None => format!("client {client} never heard {id}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(number: u64, sequence: u32) -> Named {
        let id = format!("1764000000000-{number}").parse().unwrap();
        let key = Key {
            sender: 0,
            sequence,
        };
        Named { id, key }
    }

    /// What is found where this was acknowledged and each client heard this, in its order.
    fn check(acknowledged: &[Named], heard: &[Vec<Named>]) -> Tally {
        let mut account = Account::new(heard.len());
        for named in acknowledged {
            account.acknowledge(*named);
        }
        for (client, heard) in heard.iter().enumerate() {
            for named in heard {
                account.hear(client, *named);
            }
        }
        account.tally()
    }

    /// Messages under the id of their own number.
    fn named_all(numbers: &[u32]) -> Vec<Named> {
        let all = numbers.iter();
        all.map(|number| named(u64::from(*number), *number))
            .collect()
    }

    /// Three acknowledged messages, and what two clients heard: lost, doubled and out of order.
    fn wrong(first: &[u32], second: &[u32]) -> (u64, u64, u64) {
        let heard = [named_all(first), named_all(second)];
        let tally = check(&named_all(&[0, 1, 2]), &heard);
        let (lost, doubled, out_of_order) = (tally.lost, tally.doubled, tally.out_of_order);
        assert_eq!(
            tally.examples.is_empty(),
            lost + doubled + out_of_order == 0
        );
        (lost, doubled, out_of_order)
    }

    #[test]
    fn an_id_is_two_numbers_and_they_decide_the_order() {
        let id = |text: &str| text.parse::<Id>().unwrap();
        assert_eq!(id("1764000000000-7").to_string(), "1764000000000-7");
        assert!(id("9-0") < id("10-0") && id("10-9") < id("10-10"));
        for bad in ["", "7", "-", "1-", "-1", "1-2-3", "a-0", "0190b5c2-aaaa"] {
            assert!(bad.parse::<Id>().is_err(), "{bad}");
        }
    }

    #[test]
    fn all_once_and_in_order_is_fine() {
        assert_eq!(wrong(&[0, 1, 2], &[0, 1, 2]), (0, 0, 0));
        // What was not acknowledged may be heard or not, even by some only.
        let heard = [named_all(&[0, 1, 2, 3]), named_all(&[0, 1, 2])];
        let tally = check(&named_all(&[0, 1, 2]), &heard);
        assert_eq!(
            (tally.lost, tally.unacknowledged, tally.delivered),
            (0, 1, 7)
        );
    }

    #[test]
    fn what_a_client_never_heard_is_lost() {
        for heard in [[0, 1], [0, 2], [1, 2]] {
            assert_eq!(wrong(&[0, 1, 2], &heard), (1, 0, 0));
            assert_eq!(wrong(&heard, &heard), (2, 0, 0));
        }
        assert_eq!(wrong(&[], &[]), (6, 0, 0));
    }

    #[test]
    fn what_comes_again_is_doubled() {
        for heard in [[0, 0, 1, 2], [0, 1, 0, 2], [0, 1, 2, 2]] {
            assert_eq!(wrong(&[0, 1, 2], &heard), (0, 1, 0));
        }
        // It may be doubled though its sender never heard that it was taken.
        assert_eq!(wrong(&[0, 1, 2, 3, 3], &[0, 1, 2]), (0, 1, 0));
    }

    #[test]
    fn a_message_under_two_ids_is_doubled_once_however_many_heard_it() {
        let log = vec![named(0, 0), named(1, 1), named(2, 0)];
        let tally = check(&[named(0, 0), named(1, 1)], &[log.clone(), log]);
        assert_eq!((tally.lost, tally.doubled, tally.out_of_order), (0, 1, 0));
        // Also when the server acknowledged a retry under another id than the one that is heard.
        let tally = check(&[named(1, 0)], &[vec![named(0, 0)]]);
        assert_eq!((tally.lost, tally.doubled), (1, 1));
    }

    #[test]
    fn another_order_is_found() {
        assert_eq!(wrong(&[0, 1, 2], &[0, 2, 1]), (0, 0, 1));
        assert_eq!(wrong(&[1, 0, 2], &[1, 0, 2]), (0, 0, 2));
        assert_eq!(wrong(&[2, 1, 0], &[0, 1, 2]), (0, 0, 2));
        // Two messages under one id: each client has an order, and they are not the same.
        let tally = check(&[named(0, 0)], &[vec![named(0, 0)], vec![named(0, 1)]]);
        assert_eq!((tally.out_of_order, tally.doubled), (1, 0));
    }
}
