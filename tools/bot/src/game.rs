//! A client of a game server: it enters with a ticket, says what it does, and is told what comes of it.

mod client;
mod hearing;
mod player;
mod restraint;
mod resuming;
mod search;
mod tries;
mod way;

pub use client::{Event, GameClient, GameError};
pub use player::{Pilot, Played, play_match};
pub use resuming::ResumingClient;
pub use way::Way;
