//! Matches of servers that are lost or end go on here.

use std::sync::Arc;

use matches::{DirectoryError, MatchId, ServerState};
use service::Replica;

use super::link::Link;
use crate::matches::{checkpoint::VERSION, director::adopt, rooms::Rooms};

/// Goes on with what the directory has for this server, which is some of it at a time: when that is reported there may be more. It is asked
/// after each report.
///
/// # Errors
/// When the directory does not answer.
pub async fn take_over(
    link: &Link,
    rooms: &Arc<Rooms>,
    replica: &Replica,
) -> Result<(), DirectoryError> {
    take_over_if(link, rooms, replica, || true).await
}

/// Goes on with this match, if it was handed over to this server a moment ago. It is asked before a match begins here.
///
/// A hundred players come at once with such tickets. The first brings all matches with it, and the others must not ask again one after
/// another: no report could be sent meanwhile, and so no checkpoint.
///
/// # Errors
/// When the directory does not answer.
pub async fn look_for(
    id: &MatchId,
    link: &Link,
    rooms: &Arc<Rooms>,
    replica: &Replica,
) -> Result<(), DirectoryError> {
    take_over_if(link, rooms, replica, || rooms.get(id).is_none()).await
}

async fn take_over_if(
    link: &Link,
    rooms: &Arc<Rooms>,
    replica: &Replica,
    needed: impl FnOnce() -> bool,
) -> Result<(), DirectoryError> {
    let is_ready = link.lease.state(replica.is_stopping()) == ServerState::Ready;
    if !is_ready || !link.lease.is_live() {
        return Ok(());
    }
    let adopt = |taken: &_| adopt(rooms, taken);
    link.take_over(VERSION, needed, || rooms.free(), adopt)
        .await
}
