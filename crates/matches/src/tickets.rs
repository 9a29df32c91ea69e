//! Tickets: what a web server tells a game server about a player, in the player's hands.
//!
//! A ticket is a *JWT*, a JSON text with a signature. A web server signs it with a key that it has made at its start and
//! shows to nobody, and publishes the other half of that key in the directory. So a game server can tell who has signed, no secret
//! has to be configured anywhere, and whoever holds a ticket can read it and change nothing of it.

mod claims;
mod crypto;
mod signer;
mod ticket_error;
mod verify;

pub use claims::Claims;
pub use signer::Signer;
pub use ticket_error::TicketError;
pub use verify::{kid_of, verify};
