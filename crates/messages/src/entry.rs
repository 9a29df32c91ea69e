//! A message as it stands in the history: without its id, which is its place there.

use std::borrow::Cow;

use anyhow::Context;
use jiff::Timestamp;
use protocol::{Id, Message, PlayerId, Who, timestamp};
use serde::{Deserialize, Serialize};

/// A message that has no place yet, or whose place stands beside it.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Entry<'a> {
    author: Cow<'a, str>,
    /// A message that stands there from before players had ids has that of nobody.
    #[serde(default)]
    player: PlayerId,
    text: Cow<'a, str>,
    sent_at: Timestamp,
    replica: Cow<'a, str>,
}

impl<'a> Entry<'a> {
    /// What `replica` takes from `author` now.
    pub fn new(replica: &'a str, author: &'a Who, text: &'a str) -> Entry<'a> {
        Entry {
            author: (&author.name).into(),
            player: author.player,
            text: text.into(),
            sent_at: timestamp(),
            replica: replica.into(),
        }
    }

    /// The text that stands in the history.
    pub fn to_json(&self) -> String {
        match serde_json::to_string(self) {
            Ok(text) => text,
            Err(error) => unreachable!("plain strings always become JSON: {error}"),
        }
    }
}

/// Reads a message as it is passed on: its place, a space, and what stands there.
///
/// # Errors
/// When it is not that.
pub(crate) fn read(payload: &[u8]) -> anyhow::Result<Message> {
    let space = payload.iter().position(|byte| *byte == b' ');
    let (place, stored) = payload.split_at(space.context("there is no id before it")?);
    read_at(std::str::from_utf8(place)?.parse()?, &stored[1..])
}

/// Reads the message that stands at a place.
///
/// # Errors
/// When it is none.
pub(crate) fn read_at(place: Id, stored: &[u8]) -> anyhow::Result<Message> {
    let entry: Entry<'static> = serde_json::from_slice(stored)?;
    Ok(Message {
        id: place,
        author: entry.author.into_owned(),
        player: entry.player,
        text: entry.text.into_owned(),
        sent_at: entry.sent_at,
        replica: entry.replica.into_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_read_with_the_place_before_it() {
        let ada = Who {
            player: PlayerId::random(),
            name: "Ada".to_owned(),
        };
        let entry = Entry::new("webserver-1", &ada, "a b");
        let stored = entry.to_json();
        assert!(!stored.contains("id"), "{stored}");
        let message = read(format!("12-3 {stored}").as_bytes()).unwrap();
        assert_eq!(message.id.to_string(), "12-3");
        assert_eq!((&*message.author, &*message.text), ("Ada", "a b"));
        assert_eq!(message.player, ada.player);
        assert_eq!(message.sent_at, entry.sent_at);
        for bad in ["", " ", "12-3", "12-3 ", "12-3 {}", "12 {}", &stored] {
            assert!(read(bad.as_bytes()).is_err(), "{bad}");
        }
    }
}
