//! Whether every client heard every acknowledged message, once, and in the order that is the same for all.
//!
//! Each client writes down what it hears, in the order in which it comes, and each sender what was acknowledged. This
//! looks at nothing else. The server is not asked.

use std::{
    collections::{HashMap, HashSet},
    fmt,
    str::FromStr,
};

use serde::Serialize;

/// Losses that are described. More would say no more.
const DESCRIBED: usize = 5;

/// A message's id, which is its place in the order: milliseconds, and a number within the millisecond.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id {
    milliseconds: u64,
    number: u64,
}

impl FromStr for Id {
    type Err = String;

    fn from_str(text: &str) -> Result<Id, String> {
        let parsed = text.split_once('-').and_then(|(milliseconds, number)| {
            Some(Id {
                milliseconds: milliseconds.parse().ok()?,
                number: number.parse().ok()?,
            })
        });
        parsed.ok_or_else(|| format!("{text:?} is no id such as 1764000000000-0"))
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.milliseconds, self.number)
    }
}

/// One message of a run, whatever the server calls it. It stands in the text, which the server hands on unchanged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    /// Index of the client that sent it.
    pub sender: usize,
    /// How many it had sent before.
    pub number: u32,
}

impl Key {
    /// The text that carries this key.
    #[must_use]
    pub fn text(&self, run: &str) -> String {
        format!("{run} {} {}", self.sender, self.number)
    }

    /// Reads the key back, or gives none if the text is not of this run.
    #[must_use]
    pub fn parse(run: &str, text: &str) -> Option<Key> {
        let rest = text.strip_prefix(run)?.strip_prefix(' ')?;
        let (sender, number) = rest.split_once(' ')?;
        Some(Key {
            sender: sender.parse().ok()?,
            number: number.parse().ok()?,
        })
    }
}

/// A message under its id, as a client heard it or as the server acknowledged it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Told {
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

/// Checks what each client heard, in the order in which it came, against what was acknowledged.
#[must_use]
pub fn check(acknowledged: &[Told], heard: &[Vec<Told>]) -> Tally {
    let mut tally = Tally::default();
    let mut names = Names::default();
    for told in acknowledged {
        names.add(*told, &mut tally);
    }
    let owed: HashSet<Told> = acknowledged.iter().copied().collect();
    tally.acknowledged = owed.len() as u64;
    let owed_keys: HashSet<Key> = owed.iter().map(|told| told.key).collect();
    let mut others = HashSet::new();
    for (client, log) in heard.iter().enumerate() {
        let mut had = HashSet::with_capacity(log.len());
        let mut newest = Id::default();
        for told in log {
            names.add(*told, &mut tally);
            if !had.insert(told.id) {
                tally.doubled += 1;
                tally.describe(|| format!("client {client} heard {} twice", told.id));
                continue;
            }
            tally.delivered += 1;
            if told.id < newest {
                tally.out_of_order += 1;
                tally.describe(|| format!("client {client} heard {} after {newest}", told.id));
            }
            newest = newest.max(told.id);
            if !owed_keys.contains(&told.key) {
                others.insert(told.key);
            }
        }
        for Told { id, key } in owed.iter().filter(|told| !had.contains(&told.id)) {
            tally.lost += 1;
            let Key { sender, number } = key;
            tally.describe(|| {
                format!("client {client} never heard {id}, message {number} of client {sender}")
            });
        }
    }
    tally.unacknowledged = others.len() as u64;
    tally
}

impl Tally {
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
    wrong: HashSet<Told>,
}

impl Names {
    fn add(&mut self, told: Told, tally: &mut Tally) {
        let Told { id, key } = told;
        let (known_id, known_key) = (
            *self.ids.entry(key).or_insert(id),
            *self.keys.entry(id).or_insert(key),
        );
        if (known_id == id && known_key == key) || !self.wrong.insert(told) {
            return;
        }
        let Key { sender, number } = key;
        if known_id != id {
            tally.doubled += 1;
            tally
                .describe(|| format!("message {number} of client {sender} is {known_id} and {id}"));
        }
        if known_key != key {
            tally.out_of_order += 1;
            tally.describe(|| format!("{id} is one message for some and another for others"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(id: u64, number: u32) -> Told {
        let id = Id {
            milliseconds: 1_764_000_000_000,
            number: id,
        };
        let key = Key { sender: 0, number };
        Told { id, key }
    }

    /// Messages under the id of their own number.
    fn told_all(numbers: &[u32]) -> Vec<Told> {
        let all = numbers.iter();
        all.map(|number| told(u64::from(*number), *number))
            .collect()
    }

    /// Three acknowledged messages, and what two clients heard: lost, doubled and out of order.
    fn wrong(first: &[u32], second: &[u32]) -> (u64, u64, u64) {
        let heard = [told_all(first), told_all(second)];
        let tally = check(&told_all(&[0, 1, 2]), &heard);
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
    fn a_key_survives_its_text() {
        let key = Key {
            sender: 12,
            number: 34,
        };
        assert_eq!(Key::parse("chaos-1", &key.text("chaos-1")), Some(key));
        assert_eq!(Key::parse("chaos-2", &key.text("chaos-1")), None);
        assert_eq!(Key::parse("chaos-1", "chaos-1 hello"), None);
    }

    #[test]
    fn all_once_and_in_order_is_fine() {
        assert_eq!(wrong(&[0, 1, 2], &[0, 1, 2]), (0, 0, 0));
        // What was not acknowledged may be heard or not, even by some only.
        let heard = [told_all(&[0, 1, 2, 3]), told_all(&[0, 1, 2])];
        let tally = check(&told_all(&[0, 1, 2]), &heard);
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
        // It may be doubled though nobody was told that it was taken.
        assert_eq!(wrong(&[0, 1, 2, 3, 3], &[0, 1, 2]), (0, 1, 0));
    }

    #[test]
    fn a_message_under_two_ids_is_doubled_once_however_many_heard_it() {
        let log = vec![told(0, 0), told(1, 1), told(2, 0)];
        let tally = check(&[told(0, 0), told(1, 1)], &[log.clone(), log]);
        assert_eq!((tally.lost, tally.doubled, tally.out_of_order), (0, 1, 0));
        // Also when the server acknowledged a retry under another id than the one that is told.
        let tally = check(&[told(1, 0)], &[vec![told(0, 0)]]);
        assert_eq!((tally.lost, tally.doubled), (1, 1));
    }

    #[test]
    fn another_order_is_found() {
        assert_eq!(wrong(&[0, 1, 2], &[0, 2, 1]), (0, 0, 1));
        assert_eq!(wrong(&[1, 0, 2], &[1, 0, 2]), (0, 0, 2));
        assert_eq!(wrong(&[2, 1, 0], &[0, 1, 2]), (0, 0, 2));
        // Two messages under one id: each client has an order, and they are not the same.
        let tally = check(&[told(0, 0)], &[vec![told(0, 0)], vec![told(0, 1)]]);
        assert_eq!((tally.out_of_order, tally.doubled), (1, 0));
    }
}
