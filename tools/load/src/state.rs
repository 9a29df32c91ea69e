//! What all clients of a run write into.

use std::{collections::BTreeMap, time::Instant};

use bot::{Key, ledger::Ledger, order::SameForAll, stamp::Stamp};
use hdrhistogram::Histogram;
use parking_lot::{Mutex, MutexGuard};

use crate::{
    latency::{LONGEST, histogram},
    wire::Frame,
};

/// How often each thing happened, by its name.
pub type Counts = BTreeMap<String, u64>;

/// Shared by all clients. One lock is enough: each takes it once for each frame, and nobody waits inside.
#[derive(Debug)]
pub struct Shared {
    /// What the texts of this run begin with.
    pub run: String,
    epoch: Instant,
    state: Mutex<State>,
}

/// What has happened until now.
#[derive(Debug)]
pub struct State {
    /// Who has received what.
    pub ledger: Ledger<Key, SameForAll>,
    /// From sending to each delivery, in microseconds.
    pub latency: Histogram<u64>,
    /// Messages handed to a socket.
    pub sent: u64,
    /// Messages that the server refused with an error.
    pub refused: u64,
    /// Messages of clients that closed before the server had answered.
    pub abandoned: u64,
    /// What the server said in its errors.
    pub errors: Counts,
    /// How sockets closed before the end of the run.
    pub closes: Counts,
}

impl Shared {
    /// The beginning of a run with this many checking clients.
    ///
    /// # Errors
    /// When there is no memory for the histogram.
    pub fn new(clients: usize) -> anyhow::Result<Shared> {
        Ok(Shared {
            // Only messages of this run count, whoever else talks on the same system.
            run: format!("load-{}", uuid::Uuid::now_v7().simple()),
            epoch: Instant::now(),
            state: Mutex::new(State {
                ledger: Ledger::new(clients, SameForAll::default()),
                latency: histogram()?,
                sent: 0,
                refused: 0,
                abandoned: 0,
                errors: Counts::new(),
                closes: Counts::new(),
            }),
        })
    }

    /// What has happened until now.
    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock()
    }

    /// What has happened, when nobody else writes into it any more.
    #[must_use]
    pub fn into_state(self) -> State {
        self.state.into_inner()
    }

    /// Microseconds since the beginning of the run.
    #[must_use]
    pub fn now(&self) -> u64 {
        u64::try_from(self.epoch.elapsed().as_micros()).unwrap_or(u64::MAX)
    }

    /// Takes note of a frame that the client `receiver` has got. Gives the number of its own messages that the
    /// frame answers: 0 or 1.
    pub fn received(&self, receiver: u32, frame: &str) -> usize {
        let now = self.now();
        let frame: Frame<'_> = match serde_json::from_str(frame) {
            Ok(frame) => frame,
            Err(error) => {
                self.state()
                    .count_error(&format!("a frame that is not understood: {error}"));
                return 0;
            }
        };
        let mut state = self.state();
        match frame.kind {
            "messages" => {
                for message in &frame.messages {
                    if let Some(stamp) = Stamp::parse(&self.run, &message.text) {
                        state.ledger.deliver(receiver as usize, stamp.key);
                        let took = now.saturating_sub(stamp.sent_at).clamp(1, LONGEST);
                        state.latency.saturating_record(took);
                    }
                }
                0
            }
            "sent" => match frame.reference.and_then(|sequence| sequence.parse().ok()) {
                Some(sequence) => {
                    state.ledger.acknowledge(Key {
                        sender: receiver,
                        sequence,
                    });
                    1
                }
                None => 0,
            },
            "error" => {
                state.count_error(frame.error.as_deref().unwrap_or("without a word"));
                let answers = usize::from(frame.reference.is_some());
                state.refused += answers as u64;
                answers
            }
            _ => 0,
        }
    }
}

impl State {
    /// Takes note of what the server or the system said was wrong.
    pub fn count_error(&mut self, error: &str) {
        *self.errors.entry(error.to_owned()).or_default() += 1;
    }

    /// Messages that the server has neither acknowledged nor refused.
    #[must_use]
    pub fn unanswered(&self) -> u64 {
        let answered = self.ledger.tally().acknowledged + self.refused + self.abandoned;
        self.sent.saturating_sub(answered)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_taken_note_of() {
        let shared = Shared::new(2).unwrap();
        let key = Key {
            sender: 1,
            sequence: 0,
        };
        let text = Stamp { key, sent_at: 0 }.text(&shared.run, 60);
        let messages = serde_json::json!({
            "type": "messages", "replica": "w", "messages": [{"text": text}, {"text": "of another run"}],
        });
        shared.state().sent = 2;
        assert_eq!(
            shared.received(1, r#"{"type":"sent","ref":"0","id":"x"}"#),
            1
        );
        let refusal = r#"{"type":"error","ref":"1","code":"too_many_messages","error":"too many","retry_after":1}"#;
        assert_eq!(shared.received(1, refusal), 1);
        assert_eq!(shared.state().unanswered(), 0);
        for receiver in [0, 1] {
            assert_eq!(shared.received(receiver, &messages.to_string()), 0);
        }
        let state = shared.state();
        assert!(state.ledger.is_settled());
        assert_eq!(
            (state.ledger.tally().delivered, state.latency.len()),
            (2, 2)
        );
        assert_eq!(state.errors["too many"], 1);
    }
}
