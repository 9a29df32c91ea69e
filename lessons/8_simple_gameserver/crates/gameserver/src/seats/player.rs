//! Somebody who has a seat.

use std::sync::Arc;

use super::{inputs::Inputs, listener::Listener, window::Window};

/// Somebody who has a seat.
pub struct Player {
    /// How this player is told of the match.
    pub listener: Arc<dyn Listener>,
    /// What this player does.
    pub inputs: Inputs,
    /// What this player has seen.
    pub window: Window,
}

impl Player {
    /// Somebody who comes at this tick and has done nothing yet.
    #[must_use]
    pub fn new(listener: Arc<dyn Listener>, ticks_per_second: u32, tick: u32) -> Player {
        Player {
            listener,
            inputs: Inputs::default(),
            window: Window::new(ticks_per_second, tick),
        }
    }
}
