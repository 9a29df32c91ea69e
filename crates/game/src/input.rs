//! What a player does in a tick.

use crate::direction::Direction;

/// What a player does in a tick: which keys are down, in effect.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Input {
    /// Where the goat is to go; none if it is to stand.
    pub direction: Option<Direction>,
    /// Whether the butt is being charged. The first tick without it lets go.
    pub hold: bool,
}
