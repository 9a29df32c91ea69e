//! Who opens a socket.

use axum::extract::FromRequestParts;

use crate::chat::after::After;
use crate::session::player::Player;

/// Who opens a socket. It is decided once, with the cookie of the request that opens it: what comes over the socket later
/// is taken for that player.
#[derive(Debug, FromRequestParts)]
pub struct Visitor {
    /// The player.
    pub player: Player,

    // lesson 7
    /// Up to where the player has been told before, elsewhere.
    pub after: After,
}
