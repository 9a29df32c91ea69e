//! A message, and a page of them.

use jiff::{Timestamp, Unit};
use serde::{Deserialize, Serialize};

use crate::{id::Id, player::PlayerId, who::Who};

/// What a player said, as all players get it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// What it is called. No two messages have the same id.
    pub id: Id,
    /// What the one is called who said it.
    pub author: String,
    /// Who said it: two may be called the same.
    pub player: PlayerId,
    /// What was said.
    pub text: String,
    /// When a replica took it, by that replica's clock, to the millisecond.
    pub sent_at: Timestamp,
    /// The replica that took it.
    pub replica: String,
}

/// What one answer gives of the messages, in their order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MessagePage {
    /// The messages.
    pub messages: Vec<Message>,

    // lesson 7
    /// Something may be missing before these messages. It is written only if it is so.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub gap: bool,
}

impl Message {
    /// A message that `replica` takes from `author` now.
    #[must_use]
    pub fn new(id: Id, replica: &str, author: &Who, text: &str) -> Message {
        Message {
            id,
            author: author.name.clone(),
            player: author.player,
            text: text.to_owned(),
            sent_at: timestamp(),
            replica: replica.to_owned(),
        }
    }
}

/// Now, to the millisecond. More digits would only make each message longer.
#[must_use]
pub fn timestamp() -> Timestamp {
    let now = Timestamp::now();
    now.round(Unit::Millisecond).unwrap_or(now)
}
