//! What the text of a message says: who sent it, as which of its messages, and when.
//!
//! Everything that is checked stands in the text, because the text is the one thing that a server hands on
//! unchanged and a client cannot mistake.

use std::fmt::Write;

/// Identifies one message of one run, whatever the server calls it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    /// Index of the client that sent it.
    pub sender: u32,
    /// How many it had sent before.
    pub sequence: u32,
}

impl Key {
    /// The text that carries this key.
    #[must_use]
    pub fn text(&self, run: &str) -> String {
        format!("{run} {} {}", self.sender, self.sequence)
    }

    /// Reads the key back, or gives none if the text is not of this run.
    #[must_use]
    pub fn parse(run: &str, text: &str) -> Option<Key> {
        split(run, text).map(|(key, _)| key)
    }
}

/// A message's key, and when it was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// Which message.
    pub key: Key,
    /// Microseconds from the beginning of the run to the sending.
    pub sent_at: u64,
}

impl Stamp {
    /// A text of `length` characters that carries this stamp; longer if the stamp needs more.
    #[must_use]
    pub fn text(&self, run: &str, length: usize) -> String {
        let mut text = self.key.text(run);
        // Writing to a string cannot fail.
        let _ = write!(text, " {} ", self.sent_at);
        let missing = length.saturating_sub(text.len());
        text.extend(std::iter::repeat_n('.', missing));
        text
    }

    /// Reads the stamp back, or gives none if the text is not of this run.
    #[must_use]
    pub fn parse(run: &str, text: &str) -> Option<Stamp> {
        let (key, mut rest) = split(run, text)?;
        let sent_at = rest.next()?.parse().ok()?;
        Some(Stamp { key, sent_at })
    }
}

/// The key at the beginning of a text of this run, and the words behind it.
fn split<'a>(run: &str, text: &'a str) -> Option<(Key, impl Iterator<Item = &'a str>)> {
    let mut words = text.strip_prefix(run)?.strip_prefix(' ')?.split(' ');
    let key = Key {
        sender: words.next()?.parse().ok()?,
        sequence: words.next()?.parse().ok()?,
    };
    Some((key, words))
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: Key = Key {
        sender: 12,
        sequence: 34,
    };

    #[test]
    fn a_key_survives_its_text() {
        assert_eq!(Key::parse("chaos-1", &KEY.text("chaos-1")), Some(KEY));
        assert_eq!(Key::parse("chaos-2", &KEY.text("chaos-1")), None);
        assert_eq!(Key::parse("chaos-1", "chaos-1 hello"), None);
    }

    #[test]
    fn a_stamp_survives_its_text() {
        let stamp = Stamp {
            key: KEY,
            sent_at: 56,
        };
        for length in [0, 60, 500] {
            let text = stamp.text("load-1", length);
            assert!(text.len() >= length && text.len() <= length.max(40));
            assert_eq!(Stamp::parse("load-1", &text), Some(stamp));
            assert_eq!(Stamp::parse("load-2", &text), None);
        }
        assert_eq!(Stamp::parse("load-1", "load-1 hello"), None);
    }
}
