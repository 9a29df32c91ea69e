//! A client of a game server: it enters with a ticket, says what it does, and is told what comes of it.

mod client;
mod player;

pub use client::{Event, GameClient, GameError};
pub use player::{Played, play_match};
