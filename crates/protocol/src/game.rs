//! What crosses the wire between a game server and those who play or watch: rare things as JSON text, an input in eight bytes.
//!
//! A snapshot of the game is binary, too. What it looks like is a matter of the rules, so the crate `game` has it.

mod client;
mod input;
mod json;
mod resume_token;
mod server;

pub use client::{BadFrameError, ClientFrame, MAX_AT, MAX_TICKET};
pub use input::{BadInputError, DIRECTIONS, INPUT_AT_LEAST_EVERY_MS, InputFrame};
pub use resume_token::{ParseTokenError, ResumeToken, TOKEN_DIGITS};
pub use server::{ParseFrameError, SeatHolder, ServerFrame};

/// Which rules are played by. It is raised whenever the same inputs lead to another state than before, so that a page of before knows that it
/// cannot play them by itself.
pub const RULES: u32 = 1;
