//! What a client sends: one message at a time, again and again until it is answered.

use std::time::Duration;

use protocol::ClientFrame;
use tokio::time::Instant;
use uuid::Uuid;

use crate::stamp::Key;

/// How long an answer may take on a socket that is well. Then the client comes back and sends again.
const ANSWERED_WITHIN: Duration = Duration::from_secs(10);

/// The messages of one sender.
pub struct Outbox {
    sender: u32,
    run: String,
    /// The time from one message to the next.
    every: Duration,
    /// When the next one is begun; none before the beginning, and after the end.
    next: Option<Instant>,
    sequence: u32,
    current: Option<Current>,
}

struct Current {
    key: Key,
    /// The idempotency key. It stays, however often this is sent.
    reference: String,
    frame: String,
    state: Way,
    sent_before: bool,
}

#[derive(Clone, Copy)]
enum Way {
    /// To be sent then.
    Due(Instant),
    /// Sent, and answered by then.
    Sent(Instant),
}

/// What is to be done when its time has come.
pub enum Task {
    /// To send this frame. Whether it was sent before.
    Send(String, bool),
    /// To give the socket up: the answer did not come.
    GiveUp,
}

impl Outbox {
    /// None to send yet.
    #[must_use]
    pub fn new(sender: u32, run: &str, every: Duration) -> Outbox {
        Outbox {
            sender,
            run: run.to_owned(),
            every,
            next: None,
            sequence: 0,
            current: None,
        }
    }

    /// The time from one message to the next.
    #[must_use]
    pub fn every(&self) -> Duration {
        self.every
    }

    /// Begins new messages from `first` on.
    pub fn begin(&mut self, first: Instant) {
        self.next = Some(first);
    }

    /// Begins no new message.
    pub fn end(&mut self) {
        self.next = None;
    }

    /// When there is something to do.
    #[must_use]
    pub fn due(&self) -> Option<Instant> {
        match &self.current {
            Some(current) => Some(match current.state {
                Way::Due(at) | Way::Sent(at) => at,
            }),
            None => self.next,
        }
    }

    /// Whether a message waits for its answer, or to be sent again.
    #[must_use]
    pub fn is_waiting(&self) -> bool {
        self.current.is_some()
    }

    /// What is to be done now that the time of [`Outbox::due`] has come.
    pub fn task(&mut self, now: Instant) -> Task {
        let mut current = match self.current.take() {
            Some(current) => current,
            None => self.next_message(now),
        };
        let task = match current.state {
            Way::Sent(_) => Task::GiveUp,
            Way::Due(_) => {
                current.state = Way::Sent(now + ANSWERED_WITHIN);
                let again = std::mem::replace(&mut current.sent_before, true);
                Task::Send(current.frame.clone(), again)
            }
        };
        self.current = Some(current);
        task
    }

    /// The socket is lost. What was not answered is sent again over the next.
    pub fn lost(&mut self, now: Instant) {
        if let Some(current) = &mut self.current {
            current.state = Way::Due(now);
        }
    }

    /// The server has taken the message of this reference. Gives which it was, if it was waited for.
    pub fn answered(&mut self, reference: &str) -> Option<Key> {
        let current = self.current.take_if(|it| it.reference == reference)?;
        Some(current.key)
    }

    /// The server has not taken it, and may in a while.
    pub fn again(&mut self, reference: &str, at: Instant) {
        if let Some(current) = &mut self.current
            && current.reference == reference
        {
            current.state = Way::Due(at);
        }
    }

    fn next_message(&mut self, now: Instant) -> Current {
        let key = Key {
            sender: self.sender,
            sequence: self.sequence,
        };
        self.sequence += 1;
        // What could not be said during an outage is not made up for: that would be a burst and not a rate.
        let next = self.next.map(|planned| planned + self.every);
        self.next = next.map(|next| next.max(now));
        let reference = Uuid::now_v7().to_string();
        let frame = ClientFrame::Send {
            reference: reference.as_str().into(),
            text: key.text(&self.run).into(),
        };
        let frame = frame.to_json();
        Current {
            key,
            reference,
            frame,
            state: Way::Due(now),
            sent_before: false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(task: Task) -> (String, bool) {
        match task {
            Task::Send(frame, again) => (frame, again),
            Task::GiveUp => panic!("nothing to send"),
        }
    }

    fn reference(frame: &str) -> String {
        let frame: serde_json::Value = serde_json::from_str(frame).unwrap();
        frame["ref"].as_str().unwrap().to_owned()
    }

    #[test]
    fn one_message_at_a_time_with_one_reference_until_it_is_answered() {
        let every = Duration::from_secs(1);
        let mut outbox = Outbox::new(7, "chaos", every);
        let now = Instant::now();
        assert!(outbox.due().is_none());
        outbox.begin(now);
        let (first, again) = sent(outbox.task(now));
        assert!(!again && outbox.is_waiting());
        // The socket is lost, and then the server is not able.
        outbox.lost(now);
        assert_eq!(sent(outbox.task(now)), (first.clone(), true));
        let reference_of_first = reference(&first);
        let later = now + every * 2;
        outbox.again(&reference_of_first, later);
        assert_eq!(outbox.due(), Some(later));
        assert_eq!(sent(outbox.task(later)), (first, true));
        assert!(outbox.answered("another").is_none());
        let key = outbox.answered(&reference_of_first).unwrap();
        assert_eq!((key.sender, key.sequence), (7, 0));
        // The next is another message with another reference.
        assert_eq!(outbox.due(), Some(now + every));
        let (second, again) = sent(outbox.task(later));
        assert!(!again && reference(&second) != reference_of_first);
        assert!(second.contains("chaos 7 1"));
    }

    #[test]
    fn without_an_answer_the_socket_is_given_up_and_what_is_begun_is_finished() {
        let mut outbox = Outbox::new(0, "chaos", Duration::from_secs(1));
        let now = Instant::now();
        outbox.begin(now);
        let (frame, _) = sent(outbox.task(now));
        outbox.end();
        let limit = now + ANSWERED_WITHIN;
        assert_eq!(outbox.due(), Some(limit));
        assert!(matches!(outbox.task(limit), Task::GiveUp));
        outbox.lost(limit);
        assert!(outbox.answered(&reference(&frame)).is_some());
        assert!(outbox.due().is_none() && !outbox.is_waiting());
    }
}
