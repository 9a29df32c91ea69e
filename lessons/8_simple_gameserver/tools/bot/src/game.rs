//! A client of a game server: it enters, says what it does, and is told what comes of it.

mod client;
mod player;

pub use client::{Event, GameClient, GameError, PATH};
pub use player::{Played, play_match};
