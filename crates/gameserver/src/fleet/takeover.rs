//! Matches of servers that are lost or end go on here.

use std::sync::Arc;

use matches::{DirectoryError, ServerState};
use service::Replica;

use super::link::Link;
use crate::matches::{checkpoint::VERSION, director::adopt, rooms::Rooms};

/// Goes on with what the directory has for this server, which is some of it at a time: when that is reported there may be more.
///
/// It is asked after each report, and before a match begins here: its ticket may be for one that was handed over a moment ago.
///
/// # Errors
/// When the directory does not answer.
pub async fn take_over(
    link: &Link,
    rooms: &Arc<Rooms>,
    replica: &Replica,
) -> Result<(), DirectoryError> {
    let is_ready = link.lease.state(replica.is_stopping()) == ServerState::Ready;
    if !is_ready || !link.lease.is_live() {
        return Ok(());
    }
    link.take_over(VERSION, || rooms.free(), |taken| adopt(rooms, taken))
        .await
}
