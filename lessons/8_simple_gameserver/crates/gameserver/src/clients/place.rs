//! Where a client is in the room, for as long as its socket is open.

use std::sync::Arc;

use game::{Direction, Input};
use protocol::game::{InputFrame, Role};

use crate::{
    matches::room::Room,
    seats::{listener::Listener, table::At},
};

/// A seat, or a place to watch from, which is given up when this is dropped.
pub struct Place {
    room: Arc<Room>,
    at: At,
}

impl Place {
    /// Takes a place for somebody who comes; none if a player wants a seat and all are taken.
    pub fn take(room: &Arc<Room>, role: Role, listener: &Arc<dyn Listener>) -> Option<Place> {
        let at = room.enter(role, listener)?;
        let room = Arc::clone(room);
        Some(Place { room, at })
    }

    /// The seat's number; none if this is a place to watch from.
    #[must_use]
    pub fn seat(&self) -> Option<u8> {
        match self.at {
            // There are at most 8.
            At::Seat(seat) => Some(seat as u8),
            At::Watching(_) => None,
        }
    }

    /// The client has sent an input. Gives `false` if it has no seat that this could be for.
    #[must_use]
    pub fn hear(&self, frame: &InputFrame) -> bool {
        let At::Seat(seat) = self.at else {
            return false;
        };
        let input = Input {
            direction: frame.direction.and_then(Direction::new),
            hold: frame.hold,
        };
        self.room.hear(seat, frame.sequence, input, frame.seen);
        true
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.room.leave(self.at);
    }
}
