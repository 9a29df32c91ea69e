//! What the text of a message says: who sent it, as which of its messages, and when.
//!
//! Everything that is checked stands in the text, because the text is the one thing that a server hands on
//! unchanged and a client cannot mistake.

use std::fmt::Write;

/// The longest text that the server takes, in characters.
pub const LONGEST: usize = 500;

/// Identifies one message of one run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    /// Index of the client that sent it.
    pub sender: u32,
    /// How many it had sent before.
    pub sequence: u32,
}

/// A message's key, and when it was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// Which message.
    pub key: Key,
    /// Microseconds from the beginning of the run to the sending.
    pub sent_at: u64,
}

/// A text of `length` characters that carries `stamp`; longer if the stamp needs more.
#[must_use]
pub fn text(run: &str, stamp: Stamp, length: usize) -> String {
    let mut text = String::with_capacity(length.max(64));
    let Key { sender, sequence } = stamp.key;
    // Writing to a string cannot fail.
    let _ = write!(text, "{run} {sender} {sequence} {} ", stamp.sent_at);
    while text.len() < length {
        text.push('.');
    }
    text
}

/// Reads the stamp back, or gives none if the text is not of this run.
#[must_use]
pub fn parse(run: &str, text: &str) -> Option<Stamp> {
    let mut words = text.strip_prefix(run)?.strip_prefix(' ')?.split(' ');
    Some(Stamp {
        key: Key {
            sender: words.next()?.parse().ok()?,
            sequence: words.next()?.parse().ok()?,
        },
        sent_at: words.next()?.parse().ok()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stamp_survives_its_text() {
        let key = Key {
            sender: 12,
            sequence: 34,
        };
        let stamp = Stamp { key, sent_at: 56 };
        for length in [0, 60, LONGEST] {
            let text = text("load-1", stamp, length);
            assert!(text.len() >= length && text.len() <= length.max(40));
            assert_eq!(parse("load-1", &text), Some(stamp));
            assert_eq!(parse("load-2", &text), None);
        }
        assert_eq!(parse("load-1", "load-1 hello"), None);
    }
}
