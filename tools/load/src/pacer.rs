//! Decides when the next message is sent, and by whom.

use std::{sync::Arc, time::Duration};

use bot::{Key, stamp::Stamp};
use tokio::{
    sync::mpsc::UnboundedSender,
    time::{Instant, MissedTickBehavior, interval},
};

use crate::{plan::Pace, state::Shared, wire::Send};

/// The time from one look to the next. Faster rates send several messages at each.
const TICK: Duration = Duration::from_millis(1);

/// With a window: how long nobody may make progress before the run is given up.
const STALLED: Duration = Duration::from_secs(10);

/// The senders of a run.
pub struct Pacer {
    shared: Arc<Shared>,
    senders: Vec<Sender>,
    next: usize,
    length: usize,
}

struct Sender {
    index: u32,
    sequence: u32,
    texts: UnboundedSender<String>,
}

impl Pacer {
    /// Lets the clients behind these channels send in turn; client 0 is the first.
    #[must_use]
    pub fn new(shared: Arc<Shared>, senders: Vec<UnboundedSender<String>>, length: usize) -> Pacer {
        let senders = (0..).zip(senders).map(|(index, texts)| Sender {
            index,
            sequence: 0,
            texts,
        });
        Pacer {
            shared,
            senders: senders.collect(),
            next: 0,
            length,
        }
    }

    /// Sends for `time`. Ends earlier when no sender is left, or nothing moves any more.
    pub async fn run(mut self, pace: Pace, time: Duration) {
        let begun = Instant::now();
        let mut ticks = interval(TICK);
        // A tick that was missed is made up for by the count of what is due.
        ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
        let (mut sent, mut progress) = (0, (0, begun));
        loop {
            let now = ticks.tick().await;
            let elapsed = now.saturating_duration_since(begun);
            if elapsed >= time {
                return;
            }
            let due = match pace {
                Pace::Rate(rate) => (elapsed.as_secs_f64() * rate) as u64 + 1,
                Pace::Window(window) => {
                    let state = self.shared.state();
                    let passed = state.ledger.slowest().unwrap_or(0) as u64;
                    let done = passed + state.refused + state.abandoned;
                    if done > progress.0 {
                        progress = (done, now);
                    } else if now.saturating_duration_since(progress.1) > STALLED {
                        return;
                    }
                    done + window as u64
                }
            };
            while sent < due {
                if !self.send() {
                    return;
                }
                sent += 1;
            }
        }
    }

    /// Lets the next sender send. False when there is none left.
    fn send(&mut self) -> bool {
        while !self.senders.is_empty() {
            self.next %= self.senders.len();
            let sender = &mut self.senders[self.next];
            let key = Key {
                sender: sender.index,
                sequence: sender.sequence,
            };
            // The time at which it was to be sent: if the client is late, that belongs to the latency.
            let stamp = Stamp {
                key,
                sent_at: self.shared.now(),
            };
            let text = stamp.text(&self.shared.run, self.length);
            let reference = key.sequence.to_string();
            let frame = Send {
                reference: &reference,
                text: &text,
            };
            let Ok(frame) = frame.to_json() else {
                return false;
            };
            // Counted first, so that nobody sees an answer to a message that was not sent.
            self.shared.state().sent += 1;
            if sender.texts.send(frame).is_ok() {
                sender.sequence += 1;
                self.next += 1;
                return true;
            }
            self.shared.state().sent -= 1;
            self.senders.swap_remove(self.next);
        }
        false
    }
}
