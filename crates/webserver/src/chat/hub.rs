//! One frame for all sockets of this replica.
//!
//! A message is turned into a frame once, however many players get it. Every socket is then given the same bytes: most
//! take them at once, and for the others they wait.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::ws::Utf8Bytes;
use messages::Messages;
use protocol::Id;
use service::ReplicaId;
use sockets::Outbound;
use tokio::task::coop::unconstrained;
use tokio::time::timeout;

use crate::chat::{
    fan_out,
    frames::presence_frames,
    members::{Member, Members},
    window::{Window, WindowConfig},
};

/// Tells all sockets of this replica what is said, and who is here.
#[derive(Debug)]
pub struct Hub {
    members: Arc<Members>,
}

impl Hub {
    /// Starts to turn what is said, and who is here, into frames.
    pub fn start(messages: &Messages, replica: &ReplicaId, window: &WindowConfig) -> Hub {
        let members = Arc::new(Members::default());
        let present = messages.presence().watch();
        let (to, replica) = (Arc::clone(&members), replica.to_string());
        let window = Window::new(window);
        let passing_on = fan_out::run(messages.clone(), present, to, window, replica);
        // tokio makes a task that does much wait, by telling it that nothing is ready. This one would take that for a
        // socket that does not keep up. It yields by itself.
        tokio::spawn(unconstrained(passing_on));
        Hub { members }
    }

    /// Tells this socket everything from now on.
    pub fn join(&self, outbound: &Arc<Outbound>) -> Member {
        self.members.join(outbound)
    }

    // lesson 7
    /// Tells this socket everything from now on, and says up to where the history was delivered to all: not before `from`.
    /// None if that does not come to pass within a second: this replica knows so much already, so it takes a moment.
    pub async fn join_after(&self, outbound: &Arc<Outbound>, from: Id) -> Option<(Member, Id)> {
        let mut delivered_up_to = self.members.delivered_up_to.subscribe();
        let reached = delivered_up_to.wait_for(|up_to| *up_to >= from);
        timeout(Duration::from_secs(1), reached).await.ok()?.ok()?;
        // Without a wait between the two, nothing can be delivered between them.
        let delivered_up_to = *self.members.delivered_up_to.borrow();
        Some((self.join(outbound), delivered_up_to))
    }

    /// Who is here, for a socket that has just joined.
    pub fn present(&self) -> Vec<Utf8Bytes> {
        presence_frames(&self.members.here())
    }
}
