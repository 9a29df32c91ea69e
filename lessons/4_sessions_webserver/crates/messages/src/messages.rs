//! The last messages, in the order in which they came.

use std::collections::VecDeque;

use parking_lot::Mutex;
use protocol::{Id, Message, MessagePage, Who};

/// How many messages a replica keeps. With the longest texts that is under half a megabyte.
const KEPT: usize = 200;

/// The last messages, in the order in which they came.
#[derive(Debug)]
pub struct Messages {
    replica: String,
    kept: Mutex<VecDeque<Message>>,
}

impl Messages {
    /// No message yet, on the replica of this name.
    #[must_use]
    pub fn new(replica: &str) -> Messages {
        Messages {
            replica: replica.to_owned(),
            kept: Mutex::default(),
        }
    }

    /// Takes what `author` said.
    pub fn publish(&self, author: &Who, text: &str) -> Message {
        let message = Message::new(Id::generate(), &self.replica, author, text);
        let mut kept = self.kept.lock();
        if kept.len() == KEPT {
            kept.pop_front();
        }
        kept.push_back(message.clone());
        message
    }

    /// What came after the message with this id; everything that is kept if there is no id.
    #[must_use]
    pub fn page(&self, after: Option<Id>) -> MessagePage {
        let kept = self.kept.lock();
        let is_new = |message: &&Message| after.is_none_or(|after| message.id > after);
        MessagePage {
            messages: kept.iter().filter(is_new).cloned().collect(),
        }
    }
}
