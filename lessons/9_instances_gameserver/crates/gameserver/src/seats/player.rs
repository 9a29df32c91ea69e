//! Somebody who has a seat.

use std::sync::Arc;

use matches::Nonce;
use protocol::PlayerId;

use super::{inputs::Inputs, listener::Listener, window::Window};

/// Who sits on a seat, as the ticket said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sitter {
    /// Which player.
    pub player: PlayerId,
    /// What the others may call this player.
    pub name: String,
    /// Under which number the seat was given. Whoever comes to the same seat later has another one.
    pub nonce: Nonce,
}

/// Somebody who has a seat.
pub struct Player {
    /// Who it is.
    pub sitter: Sitter,
    /// How this player is told of the match.
    pub listener: Arc<dyn Listener>,
    /// What this player does.
    pub inputs: Inputs,
    /// What this player has seen.
    pub window: Window,
    /// The goat has no lives left. Its player may look on, but has no seat here any more, as far as the directory is concerned.
    pub is_out: bool,
}

impl Player {
    /// Somebody who comes at this tick and has done nothing yet.
    #[must_use]
    pub fn new(
        sitter: Sitter,
        listener: Arc<dyn Listener>,
        ticks_per_second: u32,
        tick: u32,
    ) -> Player {
        Player {
            sitter,
            listener,
            inputs: Inputs::default(),
            window: Window::new(ticks_per_second, tick),
            is_out: false,
        }
    }
}
