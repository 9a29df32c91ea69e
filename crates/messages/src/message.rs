use jiff::{Timestamp, Unit};
use serde::{Deserialize, Serialize};
// use uuid::Uuid; // lessons 5 to 6 only

use crate::Id; // lesson 7

/// What a player said, as Redis carries it and as players get it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    // lessons 5 to 6 only
    // /// Version 7: it begins with the time, so ids sort by when a message was taken, and no two replicas make the same.
    // pub id: Uuid,

    // lesson 7
    /// Its place in the history, which gives it. Until then, and in the history itself, there is none.
    #[serde(default, skip_serializing_if = "Id::is_zero")]
    pub id: Id,

    /// Who said it.
    pub author: String,
    /// What was said.
    pub text: String,
    /// When a replica took it, by that replica's clock.
    pub sent_at: Timestamp,
    /// The replica that took it.
    pub replica: String,
}

impl Message {
    /// A new message, taken now by `replica`.
    #[must_use]
    pub fn new(replica: &str, author: &str, text: &str) -> Message {
        let now = Timestamp::now();
        Message {
            // id: Uuid::now_v7(), // lessons 5 to 6 only
            id: Id::ZERO, // lesson 7
            author: author.to_owned(),
            text: text.to_owned(),
            sent_at: now.round(Unit::Millisecond).unwrap_or(now),
            replica: replica.to_owned(),
        }
    }
}
