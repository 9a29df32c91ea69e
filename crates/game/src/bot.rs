//! Who plays a goat that nobody plays.

use crate::{direction::Direction, input::Input, state::State};

/// What a bot does with the goat of `seat` in this state.
#[must_use]
pub fn bot(_seed: u32, state: &State, seat: usize) -> Input {
    let Some(goat) = state.goats.get(seat) else {
        return Input::default();
    };
    Input {
        direction: Some(Direction::towards(-goat.x, -goat.y)),
        hold: state.tick % 20 < 10,
    }
}
