//! The last messages, at hand in this replica.

use std::collections::VecDeque;

use protocol::{Id, Message};

/// How many messages a replica keeps. With the longest texts that is under half a megabyte.
const KEPT: usize = 200;

/// The last messages that this replica was told, in the order in which Redis told them.
#[derive(Debug, Default)]
pub(crate) struct Recent(VecDeque<Message>);

impl Recent {
    pub fn push(&mut self, message: Message) {
        if self.0.len() == KEPT {
            self.0.pop_front();
        }
        self.0.push_back(message);
    }

    /// What came after the message `after`; everything that is kept if that is none.
    pub fn after(&self, after: Option<Id>) -> Vec<Message> {
        let Some(after) = after else {
            return self.0.iter().cloned().collect();
        };
        // By its place and not by its id: clocks of two replicas differ by milliseconds, so a message with a smaller id
        // may have come later.
        match self.0.iter().rposition(|message| message.id == after) {
            Some(place) => self.0.iter().skip(place + 1).cloned().collect(),
            // This replica never had it, or has it no longer. Then the time in the ids is the best that is known.
            None => self
                .0
                .iter()
                .filter(|message| message.id > after)
                .cloned()
                .collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use protocol::Who;

    use super::*;

    fn texts(messages: &[Message]) -> Vec<&str> {
        messages
            .iter()
            .map(|message| message.text.as_str())
            .collect()
    }

    #[test]
    fn it_tells_what_came_after_whatever_the_clocks_said() {
        let mut recent = Recent::default();
        let early = Message::new(Id::generate(), "webserver-1", &Who::default(), "taken first, told second");
        let late = Message::new(Id::generate(), "webserver-2", &Who::default(), "taken second, told first");
        recent.push(late.clone());
        recent.push(early.clone());
        assert_eq!(
            texts(&recent.after(Some(late.id))),
            ["taken first, told second"]
        );
        assert!(recent.after(Some(early.id)).is_empty());
        assert_eq!(recent.after(None).len(), 2);
    }

    #[test]
    fn it_keeps_the_last_ones_only() {
        let mut recent = Recent::default();
        let first = Message::new(Id::generate(), "webserver-1", &Who::default(), "0");
        recent.push(first.clone());
        for number in 1..=KEPT {
            recent.push(Message::new(Id::generate(), "webserver-1", &Who::default(), &number.to_string()));
        }
        assert_eq!(recent.after(None).len(), KEPT);
        // The first one is gone, so its time decides.
        assert_eq!(recent.after(Some(first.id)).len(), KEPT);
    }
}
