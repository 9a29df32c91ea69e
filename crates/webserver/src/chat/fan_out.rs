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

use crate::chat::{frames::message_frames, members::Members, window::Window};

/// Passes on what is said, and who is here. Where this replica has a hole, because it was away too long, its clients have
/// to find out by themselves what they missed: each knows where it is, and connects again from there.
pub async fn run(
    messages: Messages,
    mut present: watch::Receiver<Arc<Present>>,
    members: Arc<Members>,
    mut window: Window,
    replica: String,
) {
    loop {
        let said = messages.subscribe();
        members.delivered_up_to.send_replace(messages.newest());
        pass_on(said, &mut present, &members, &mut window, &replica).await;
        let sockets = members.evict(CloseReason::MissedMessages);
        if sockets > 0 {
            warn!(
                sockets,
                "this replica missed messages, so its players connect again"
            );
        }
    }
}

/// Passes on until there is a hole. What has gathered by then is still passed on, before anybody is sent away.
async fn pass_on(
    mut said: broadcast::Receiver<Arc<[Message]>>,
    present: &mut watch::Receiver<Arc<Present>>,
    members: &Members,
    window: &mut Window,
    replica: &str,
) {
    loop {
        tokio::select! {
            batch = said.recv() => match batch {
                Ok(batch) => window.gather(&batch),
                Err(reason) => {
                    if let RecvError::Lagged(missed) = reason {
                        error!(missed, "this replica is too busy to pass on every message");
                    }
                    return tell(&window.take(), members, replica).await;
                }
            },
            batch = window.due() => tell(&batch, members, replica).await,
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

/// Tells all sockets these messages, and whoever joins from now on how far that was.
async fn tell(batch: &[Message], members: &Members, replica: &str) {
    let frames: Vec<Utf8Bytes> = message_frames(replica, batch).collect();
    if let Some(last) = batch.last() {
        members.delivered_up_to.send_replace(last.id);
    }
    members.send(&frames).await;
}
