//! Where a client is in a match, for as long as its socket is open.

use std::sync::Arc;

use game::{Direction, Input};
use protocol::game::InputFrame;

use crate::{matches::room::Room, seats::table::At};

/// A seat, or a place to watch from. When this is dropped its player is away.
pub struct Place {
    room: Arc<Room>,
    at: At,
}

impl Place {
    /// What was given to somebody who came.
    #[must_use]
    pub fn new(room: Arc<Room>, at: At) -> Place {
        Place { room, at }
    }

    /// The client has sent an input. Gives `false` if it has no seat that this could be for.
    #[must_use]
    pub fn hear(&self, frame: &InputFrame) -> bool {
        let At::Seat(seat, socket) = self.at else {
            return false;
        };
        let input = Input {
            direction: frame.direction.and_then(Direction::new),
            hold: frame.hold,
        };
        self.room
            .hear((seat, socket), (frame.sequence, input), frame.seen);
        true
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.room.hang_up(self.at);
    }
}
