//! The end of a server that costs nobody a match.

use std::{sync::Arc, time::Duration};

use matches::HandedOver;
use tokio::time::timeout;
use tracing::{info, warn};

use super::link::Link;
use crate::matches::{registrar::Registrar, room::Room, rooms::Rooms};

/// Lets matches end for so long, and gives the others to other servers. Who plays plays on meanwhile, and nobody else is led here.
pub async fn drain(link: &Arc<Link>, rooms: &Rooms, at_most: Duration) {
    // That this server drains is told at once.
    link.changed();
    let _ = timeout(at_most, rooms.quiet()).await;
    rooms.close();
    let unfinished = rooms.unfinished();
    let matches = unfinished.len();
    if matches > 0 {
        info!(matches, "the matches of this server go to others");
    }
    let mut is_known = true;
    for room in unfinished {
        // One that has ended waits only for the directory to hear of it.
        if !room.is_over() {
            is_known &= hand_over(link, rooms, &room).await;
        }
    }
    if is_known && rooms.unfinished().is_empty() {
        // Whoever has a seat in a match that never began gets another one at once.
        link.withdraw().await;
    } else {
        // To take leave would end what others can still go on with from its last checkpoint.
        link.fall_silent();
    }
}

/// Gives a match to another server, and has its players ask where it is. Gives whether the directory knows that.
async fn hand_over(link: &Link, rooms: &Rooms, room: &Arc<Room>) -> bool {
    let id = &room.id;
    let Some(checkpoint) = room.halt() else {
        rooms.move_away(room);
        return true;
    };
    let tick = checkpoint.tick;
    let handed_over = link.hand_over(id, room.epoch, &checkpoint).await;
    match &handed_over {
        Some(HandedOver::To(server)) => {
            room.counters.handed_over.add(1);
            info!(%id, %server, tick, "a match was handed over");
        }
        Some(HandedOver::Waiting) => {
            room.counters.handed_over.add(1);
            warn!(%id, tick, "a match waits for a server that has room for it");
        }
        Some(HandedOver::Fenced) => room.counters.fenced.add(1),
        None => {
            warn!(%id, tick, "the directory does not answer, so another server will go on from the last checkpoint of a match");
        }
    }
    rooms.move_away(room);
    handed_over.is_some()
}
