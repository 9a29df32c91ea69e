//! One frame for all sockets of this replica.
//!
//! A message is turned into a frame once, however many players get it. Every socket is then given the same bytes: most
//! take them at once, and for the others they wait.

use std::time::Duration; // lesson 7
use std::{
    borrow::Cow,
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use axum::extract::ws::Utf8Bytes;
use messages::{Messages, Present};
use protocol::Id; // lesson 7
use protocol::{Message, ServerFrame};
use service::ReplicaId;
use tokio::time::timeout; // lesson 7
use tokio::{
    sync::{
        broadcast::{self, error::RecvError},
        watch,
    },
    task::{coop::unconstrained, yield_now},
};
use tracing::error;
use tracing::warn; // lesson 7

use crate::chat::line::Line;

/// Where a frame of messages is full, in bytes of text. Messages that came together share a frame. Times the number of
/// frames that a client may be behind, this is what all that do not read can keep in memory: 2 MB.
const FULL: usize = 4 * 1024;

/// Sockets that are written to before others get a turn, such as a request or the health check. A write takes some
/// microseconds, so this is about a millisecond.
const TURN: usize = 256;

/// Tells all sockets of this replica what is said, and who is here.
#[derive(Debug)]
pub struct Hub {
    lines: Arc<Lines>,
    present: watch::Receiver<Arc<Present>>,
}

/// The lines of all sockets.
#[derive(Debug, Default)]
struct Lines {
    /// By a number that no two of them have.
    open: Mutex<BTreeMap<u64, Arc<Line>>>,

    // lesson 7
    /// How far they have been told the history.
    told: watch::Sender<Id>,
}

/// A socket's membership in the hub, which ends when this is dropped.
#[derive(Debug)]
pub struct Member {
    number: u64,
    lines: Arc<Lines>,
}

impl Hub {
    /// Starts to turn what is said, and who is here, into frames.
    pub fn start(messages: &Messages, replica: &ReplicaId) -> Hub {
        let lines = Arc::new(Lines::default());
        let present = messages.presence().watch();
        // let messages = messages.subscribe(); // lesson 6 only
        let messages = messages.clone(); // lesson 7
        let (to, replica) = (Arc::clone(&lines), replica.to_string());
        // let passing_on = pass_on(messages, present.clone(), to, replica); // lesson 6 only
        let passing_on = keep(messages, present.clone(), to, replica); // lesson 7
        // tokio makes a task that does much wait, by telling it that nothing is ready. This one would take that for a
        // socket that does not keep up. It yields by itself.
        tokio::spawn(unconstrained(passing_on));
        Hub { lines, present }
    }

    /// Tells this line everything from now on.
    pub fn join(&self, line: Arc<Line>) -> Member {
        let mut lines = self.lines.all();
        let number = lines.last_key_value().map_or(0, |(last, _)| last + 1);
        lines.insert(number, line);
        Member {
            number,
            lines: Arc::clone(&self.lines),
        }
    }

    // lesson 7
    /// Tells this line everything from now on, and says up to where everybody has been told the history: not before `from`.
    /// None if nobody is told so much within a second: this replica knows it already, so it takes a moment.
    pub async fn join_after(&self, line: &Arc<Line>, from: Id) -> Option<(Member, Id)> {
        let mut told = self.lines.told.subscribe();
        let reached = told.wait_for(|told| *told >= from);
        timeout(Duration::from_secs(1), reached).await.ok()?.ok()?;
        // Without a wait between the two, nothing can be told between them.
        let told = *self.lines.told.borrow();
        Some((self.join(Arc::clone(line)), told))
    }

    /// Who is here now, for a socket that has just come.
    pub fn present(&self) -> Utf8Bytes {
        presence_frame(&self.present.borrow())
    }
}

impl Drop for Member {
    fn drop(&mut self) {
        self.lines.all().remove(&self.number);
    }
}

impl Lines {
    fn all(&self) -> MutexGuard<'_, BTreeMap<u64, Arc<Line>>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn tell(&self, frames: &[Utf8Bytes]) {
        let lines: Vec<Arc<Line>> = self.all().values().cloned().collect();
        for turn in lines.chunks(TURN) {
            for line in turn {
                line.offer(frames);
            }
            yield_now().await;
        }
    }
}

// lesson 7
/// Passes on what is said. Where this replica has a hole, because it was away too long, its clients have to find out by
/// themselves what they missed: each knows where it is, and connects again from there.
async fn keep(
    messages: Messages,
    present: watch::Receiver<Arc<Present>>,
    lines: Arc<Lines>,
    replica: String,
) {
    loop {
        let said = messages.subscribe();
        lines.told.send_replace(messages.newest());
        pass_on(said, present.clone(), Arc::clone(&lines), replica.clone()).await;
        let lines = lines.all();
        if !lines.is_empty() {
            warn!(
                sockets = lines.len(),
                "this replica missed messages, so its players connect again"
            );
        }
        lines.values().for_each(|line| line.has_hole());
    }
}

async fn pass_on(
    mut said: broadcast::Receiver<Arc<[Message]>>,
    mut present: watch::Receiver<Arc<Present>>,
    lines: Arc<Lines>,
    replica: String,
) {
    loop {
        tokio::select! {
            batch = said.recv() => match batch {
                Ok(batch) => {
                    let frames: Vec<Utf8Bytes> = message_frames(&replica, &batch).collect();
                    // lesson 7
                    if let Some(last) = batch.last() {
                        lines.told.send_replace(last.id);
                    }

                    lines.tell(&frames).await;
                }
                Err(RecvError::Lagged(missed)) => {
                    error!(missed, "this replica is too busy to pass on every message");
                    return; // lesson 7
                }
                Err(RecvError::Closed) => return,
            },
            changed = present.changed() => match changed {
                Ok(()) => {
                    let frame = presence_frame(&present.borrow_and_update());
                    lines.tell(&[frame]).await;
                }
                Err(_) => return,
            },
        }
    }
}

/// The frames that tell these messages.
pub fn message_frames(replica: &str, batch: &[Message]) -> impl Iterator<Item = Utf8Bytes> {
    split(batch).map(move |messages| {
        let frame = ServerFrame::Messages {
            replica: replica.into(),
            messages: messages.into(),
        };
        frame.to_json().into()
    })
}

/// The messages of a batch, in portions that each fill a frame.
fn split(mut batch: &[Message]) -> impl Iterator<Item = &[Message]> {
    std::iter::from_fn(move || {
        let mut bytes = 0;
        let fitting = batch.iter().take_while(|message| {
            let fits = bytes < FULL;
            bytes += message.text.len() + message.author.len();
            fits
        });
        let (portion, rest) = batch.split_at(fitting.count());
        batch = rest;
        (!portion.is_empty()).then_some(portion)
    })
}

fn presence_frame(present: &Present) -> Utf8Bytes {
    let frame = ServerFrame::Presence {
        count: present.count,
        names: Cow::Borrowed(&present.names),
    };
    frame.to_json().into()
}

#[cfg(test)]
mod tests {
    use protocol::Id;

    use super::*;

    #[test]
    fn a_batch_is_split_where_a_frame_is_full_and_nothing_is_lost() {
        let batch: Vec<Message> = (0..50)
            .map(|number| {
                Message::new(
                    Id::default(),
                    "webserver-1",
                    "Ada",
                    &format!("{number:0500}"),
                )
            })
            .collect();
        let portions: Vec<&[Message]> = split(&batch).collect();
        assert_eq!(portions.concat(), batch);
        assert_eq!(portions.len(), 6);
        assert_eq!(split(&[]).count(), 0);
    }
}
