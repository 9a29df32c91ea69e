//! The last messages, at hand in this replica.

use std::collections::VecDeque;

use protocol::{Id, Message};

/// How many messages a replica has at hand, which is as many as it tells to somebody who was away. With the longest texts
/// that is four megabytes.
pub(crate) const KEPT: usize = 2000;

/// The last messages of the history: without a hole, in its order.
#[derive(Debug, Default)]
pub(crate) struct Recent {
    messages: VecDeque<Message>,
    /// Everything after this place, up to `newest`, is here.
    floor: Id,
    /// How far this replica knows the history.
    newest: Id,
}

/// What became of a message that was to be added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Added {
    /// It is the newest now.
    Yes,
    /// It was here already.
    Twice,
    /// Its place is before the newest, and it was not there. Then the history has begun anew: places do not go back.
    Backwards,
}

impl Recent {
    /// Begins with these messages, which are all that the history has after `floor` and up to `newest`.
    pub fn new(messages: Vec<Message>, floor: Id, newest: Id) -> Recent {
        let mut recent = Recent {
            messages: messages.into(),
            floor,
            newest,
        };
        recent.trim();
        recent
    }

    /// Adds a message behind all others.
    pub fn push(&mut self, message: &Message) -> Added {
        if message.id > self.newest {
            self.newest = message.id;
            self.messages.push_back(message.clone());
            self.trim();
            Added::Yes
        } else if self.place(message.id).is_ok() {
            Added::Twice
        } else {
            Added::Backwards
        }
    }

    /// The history is known up to here: what stood in it since the newest message was no message.
    pub fn advance(&mut self, newest: Id) {
        self.newest = self.newest.max(newest);
    }

    /// How far this replica knows the history.
    pub fn newest(&self) -> Id {
        self.newest
    }

    /// Whether this is a place of the history, as far as is known here.
    pub fn knows(&self, id: Id) -> bool {
        id == self.floor || id == self.newest || self.place(id).is_ok()
    }

    /// The first `count` messages after one place and up to another; nothing if they are not all here.
    pub fn page(&self, after: Id, up_to: Id, count: usize) -> Option<Vec<Message>> {
        if after < self.floor {
            return None;
        }
        let begin = self.place(after).map_or_else(|next| next, |at| at + 1);
        let wanted = self.messages.iter().skip(begin);
        let wanted = wanted.take_while(|message| message.id <= up_to).take(count);
        Some(wanted.cloned().collect())
    }

    /// The last `count` messages.
    pub fn last(&self, count: usize) -> Vec<Message> {
        let skipped = self.messages.len().saturating_sub(count);
        self.messages.iter().skip(skipped).cloned().collect()
    }

    /// The place after which the last `count` messages stand.
    pub fn before_last(&self, count: usize) -> Id {
        let before = self.messages.len().checked_sub(count + 1);
        let before = before.and_then(|before| self.messages.get(before));
        before.map_or(self.floor, |message| message.id)
    }

    fn place(&self, id: Id) -> Result<usize, usize> {
        self.messages
            .binary_search_by_key(&id, |message| message.id)
    }

    fn trim(&mut self) {
        let surplus = self.messages.len().saturating_sub(KEPT);
        if let Some(last) = self.messages.drain(..surplus).next_back() {
            self.floor = last.id;
        }
    }
}

#[cfg(test)]
mod tests {
    use protocol::Who;

    use super::*;

    fn id(ms: u64) -> Id {
        format!("{ms}-0").parse().unwrap()
    }

    fn message(ms: u64) -> Message {
        Message::new(id(ms), "webserver-1", &Who::default(), &ms.to_string())
    }

    fn texts(messages: &[Message]) -> Vec<&str> {
        messages.iter().map(|message| &*message.text).collect()
    }

    #[test]
    fn a_page_is_what_stands_between_two_places() {
        let recent = Recent::new((1..=9).map(|n| message(10 * n)).collect(), id(5), id(90));
        let page = |after, up_to, count| recent.page(id(after), id(up_to), count);
        assert_eq!(texts(&page(5, 90, 2).unwrap()), ["10", "20"]);
        assert_eq!(texts(&page(70, 90, 9).unwrap()), ["80", "90"]);
        // Places between messages are places, too.
        assert_eq!(texts(&page(65, 85, 9).unwrap()), ["70", "80"]);
        assert!(page(90, 90, 9).unwrap().is_empty());
        assert!(page(50, 40, 9).unwrap().is_empty());
        // What came between 4 and 5 is not here.
        assert!(page(4, 90, 9).is_none());
        assert_eq!(texts(&recent.last(2)), ["80", "90"]);
        assert_eq!(recent.before_last(2), id(70));
        assert_eq!(
            (recent.before_last(8), recent.before_last(9)),
            (id(10), id(5))
        );
        assert_eq!(recent.last(99).len(), 9);
    }

    #[test]
    fn a_full_memory_knows_from_where_on_it_is_complete() {
        let kept = KEPT as u64;
        let next = |recent: &Recent, after| {
            let page = recent.page(after, id(kept), 1)?;
            Some(page.first()?.id)
        };
        let mut recent = Recent::default();
        for n in 1..=kept {
            assert_eq!(recent.push(&message(n)), Added::Yes);
        }
        assert_eq!(next(&recent, Id::ZERO), Some(id(1)));
        assert_eq!(recent.push(&message(kept + 1)), Added::Yes);
        assert_eq!(next(&recent, Id::ZERO), None);
        assert_eq!(next(&recent, id(1)), Some(id(2)));
        assert!(recent.knows(id(1)) && recent.knows(id(kept + 1)));
        assert!(!recent.knows(Id::ZERO) && !recent.knows(id(kept + 2)));
        // The same when all of them come at once.
        let all = (1..=kept + 1).map(message).collect();
        let recent = Recent::new(all, Id::ZERO, id(kept + 1));
        assert_eq!(next(&recent, Id::ZERO), None);
        assert_eq!(next(&recent, id(1)), Some(id(2)));
    }

    #[test]
    fn what_comes_twice_is_told_from_what_goes_back() {
        let mut recent = Recent::new(vec![message(10), message(30)], id(10), id(40));
        assert_eq!(recent.push(&message(30)), Added::Twice);
        assert_eq!(recent.push(&message(20)), Added::Backwards);
        assert_eq!(recent.push(&message(35)), Added::Backwards);
        assert_eq!(recent.push(&message(41)), Added::Yes);
        recent.advance(id(50));
        assert_eq!(recent.newest(), id(50));
        recent.advance(id(45));
        assert_eq!(recent.newest(), id(50));
        assert!(recent.knows(id(50)) && !recent.knows(id(45)));
    }
}
