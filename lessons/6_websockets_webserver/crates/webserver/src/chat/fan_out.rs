//! From what this replica hears to what its sockets are told: each message becomes a frame once.

use std::sync::Arc;

use axum::extract::ws::Utf8Bytes;
use messages::{Messages, Present};
use tokio::sync::{broadcast::error::RecvError, watch};
use tracing::error;

use crate::chat::{
    frames::message_frames,
    members::Members,
    window::Window,
};

/// Passes on what is said, and who is here, for as long as this process runs.
pub async fn run(
    messages: Messages,
    mut present: watch::Receiver<Arc<Present>>,
    members: Arc<Members>,
    mut window: Window,
    replica: String,
) {
    let mut said = messages.subscribe();
    loop {
        tokio::select! {
            batch = said.recv() => match batch {
                Ok(batch) => window.gather(&batch),
                Err(RecvError::Lagged(missed)) => {
                    error!(missed, "this replica is too busy to pass on every message");
                }
                Err(RecvError::Closed) => return,
            },
            batch = window.due() => {
                let frames: Vec<Utf8Bytes> = message_frames(&replica, &batch).collect();
                members.send(&frames).await;
            }
            changed = present.changed() => match changed {
                Ok(()) => {
                    let present = Arc::clone(&present.borrow_and_update());
                    members.tell_changes(present).await;
                }
                Err(_) => return,
            },
        }
    }
}
