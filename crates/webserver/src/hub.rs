//! One frame for all sockets of this replica.
//!
//! A message is turned into a frame once, however many players get it. Every socket then has the same bytes in hand, in
//! a ring that holds the last few hundred frames. A socket that reads too slowly falls out of the ring: that costs this
//! replica nothing but the ring, which is there anyway.

use std::sync::Arc;

use axum::extract::ws::Utf8Bytes;
use messages::{Message, Messages, Present};
use tokio::sync::{
    broadcast::{self, error::RecvError},
    watch,
};
use tracing::error;

use crate::{frames::ServerFrame, replica::ReplicaId};

/// Frames that a socket may be behind.
const RING: usize = 512;

/// Where a frame of messages is full, in bytes of text. Messages that came together share a frame; together with
/// [`RING`] this bounds what sockets that do not read can keep in memory: 2 MB, for one of them or for all.
const FULL: usize = 4 * 1024;

/// What all sockets of this replica are told.
#[derive(Debug)]
pub struct Hub {
    frames: broadcast::Sender<Utf8Bytes>,
    present: watch::Receiver<Arc<Present>>,
}

impl Hub {
    /// Starts to turn what is said, and who is here, into frames.
    pub fn start(messages: &Messages, replica: &ReplicaId) -> Hub {
        let frames = broadcast::Sender::new(RING);
        let present = messages.presence().watch();
        tokio::spawn(pass_on(
            messages.subscribe(),
            present.clone(),
            frames.clone(),
            replica.to_string(),
        ));
        Hub { frames, present }
    }

    /// Everything from now on.
    pub fn subscribe(&self) -> broadcast::Receiver<Utf8Bytes> {
        self.frames.subscribe()
    }

    /// Who is here now, for a socket that has just come.
    pub fn present(&self) -> Utf8Bytes {
        presence_frame(&self.present.borrow())
    }
}

async fn pass_on(
    mut said: broadcast::Receiver<Arc<[Message]>>,
    mut present: watch::Receiver<Arc<Present>>,
    frames: broadcast::Sender<Utf8Bytes>,
    replica: String,
) {
    loop {
        tokio::select! {
            batch = said.recv() => match batch {
                Ok(batch) => {
                    for messages in split(&batch) {
                        let replica = &replica;
                        tell(&frames, ServerFrame::Messages { replica, messages }.to_text());
                    }
                }
                Err(RecvError::Lagged(missed)) => {
                    error!(missed, "this replica is too busy to pass on every message");
                }
                Err(RecvError::Closed) => return,
            },
            changed = present.changed() => match changed {
                Ok(()) => tell(&frames, presence_frame(&present.borrow_and_update())),
                Err(_) => return,
            },
        }
    }
}

fn tell(frames: &broadcast::Sender<Utf8Bytes>, frame: Utf8Bytes) {
    // Nobody may be here, and then nobody misses it.
    let _ = frames.send(frame);
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
    ServerFrame::Presence {
        present: &present.into(),
    }
    .to_text()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_is_split_where_a_frame_is_full_and_nothing_is_lost() {
        let batch: Vec<Message> = (0..50)
            .map(|number| Message::new("webserver-1", "Ada", &format!("{number:0500}")))
            .collect();
        let portions: Vec<&[Message]> = split(&batch).collect();
        assert_eq!(portions.concat(), batch);
        assert_eq!(portions.len(), 6);
        assert_eq!(split(&[]).count(), 0);
    }
}
