//! What was said to *this* replica. The others have lists of their own, and none knows of the rest.

use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError},
};

use jiff::{Timestamp, Unit};
use serde::Serialize;
use uuid::Uuid;

use crate::replica::ReplicaId;

/// How many messages a replica keeps. With the longest texts that is under half a megabyte.
const KEPT: usize = 200;

/// What a player said.
#[derive(Clone, Debug, Serialize)]
pub struct Message {
    /// Version 7: it begins with the time, so ids sort by when a message was taken.
    pub id: Uuid,
    pub author: String,
    pub text: String,
    pub sent_at: Timestamp,
    /// The replica that took it.
    pub replica: String,
}

/// The last messages, in the order in which they came.
#[derive(Debug)]
pub struct Messages {
    replica: String,
    kept: Mutex<VecDeque<Message>>,
}

impl Messages {
    /// No message yet.
    pub fn new(replica: &ReplicaId) -> Messages {
        Messages {
            replica: replica.to_string(),
            kept: Mutex::default(),
        }
    }

    /// Takes what `author` said.
    pub fn post(&self, author: &str, text: &str) -> Message {
        let now = Timestamp::now();
        let message = Message {
            id: Uuid::now_v7(),
            author: author.to_owned(),
            text: text.to_owned(),
            sent_at: now.round(Unit::Millisecond).unwrap_or(now),
            replica: self.replica.clone(),
        };
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() == KEPT {
            kept.pop_front();
        }
        kept.push_back(message.clone());
        message
    }

    /// What came after the message with this id; everything that is kept if there is no id.
    pub fn after(&self, id: Option<Uuid>) -> Vec<Message> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let is_new = |message: &&Message| id.is_none_or(|id| message.id > id);
        kept.iter().filter(is_new).cloned().collect()
    }
}
