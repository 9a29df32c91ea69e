//! From what this replica hears to what its sockets are told: each message becomes a frame once.

use std::sync::Arc;

use axum::extract::ws::Utf8Bytes;
use messages::{Messages, Present};
use protocol::{CloseReason, Message};
use tokio::sync::{
    broadcast::{self, error::RecvError},
    watch,
};
use tracing::{error, warn};

use crate::chat::{frames::message_frames, members::Members};

/// Passes on what is said, and who is here. Where this replica has a hole, because it was away too long, its clients have
/// to find out by themselves what they missed: each knows where it is, and connects again from there.
pub async fn run(
    messages: Messages,
    mut present: watch::Receiver<Arc<Present>>,
    members: Arc<Members>,
    replica: String,
) {
    loop {
        let said = messages.subscribe();
        members.delivered_up_to.send_replace(messages.newest());
        pass_on(said, &mut present, &members, &replica).await;
        let sockets = members.evict(CloseReason::MissedMessages);
        if sockets > 0 {
            warn!(
                sockets,
                "this replica missed messages, so its players connect again"
            );
        }
    }
}

/// Passes on until there is a hole.
async fn pass_on(
    mut said: broadcast::Receiver<Arc<[Message]>>,
    present: &mut watch::Receiver<Arc<Present>>,
    members: &Members,
    replica: &str,
) {
    loop {
        tokio::select! {
            batch = said.recv() => match batch {
                Ok(batch) => {
                    let frames: Vec<Utf8Bytes> = message_frames(replica, &batch).collect();
                    if let Some(last) = batch.last() {
                        members.delivered_up_to.send_replace(last.id);
                    }
                    members.send(&frames).await;
                }
                Err(RecvError::Lagged(missed)) => {
                    error!(missed, "this replica is too busy to pass on every message");
                    return;
                }
                Err(RecvError::Closed) => return,
            },
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
