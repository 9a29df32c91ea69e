//! One frame for all sockets of this replica.
//!
//! A message is turned into a frame once, however many players get it. Every socket then has the same bytes in hand, in
//! a ring that holds the last few hundred frames. A socket that reads too slowly falls out of the ring: that costs this
//! replica nothing but the ring, which is there anyway.

use std::sync::Arc;

use axum::extract::ws::Utf8Bytes;
use messages::{Messages, Present};
use tokio::sync::{
    broadcast::{self, error::RecvError},
    watch,
};
use tracing::error;

use crate::{frames::ServerFrame, replica::ReplicaId};

/// Frames that a socket may be behind. At a message of some hundred bytes that is well under a megabyte in all.
const RING: usize = 512;

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
    mut said: broadcast::Receiver<Arc<[messages::Message]>>,
    mut present: watch::Receiver<Arc<Present>>,
    frames: broadcast::Sender<Utf8Bytes>,
    replica: String,
) {
    loop {
        let frame = tokio::select! {
            batch = said.recv() => match batch {
                // A batch can be empty: it was a note about players, which is not told here.
                Ok(messages) if messages.is_empty() => continue,
                Ok(messages) => ServerFrame::Messages { replica: &replica, messages: &messages }.to_text(),
                Err(RecvError::Lagged(missed)) => {
                    error!(missed, "this replica is too busy to pass on every message");
                    continue;
                }
                Err(RecvError::Closed) => return,
            },
            changed = present.changed() => match changed {
                Ok(()) => presence_frame(&present.borrow_and_update()),
                Err(_) => return,
            },
        };
        // Nobody may be here, and then nobody misses it.
        let _ = frames.send(frame);
    }
}

fn presence_frame(present: &Present) -> Utf8Bytes {
    ServerFrame::Presence {
        present: &present.into(),
    }
    .to_text()
}
