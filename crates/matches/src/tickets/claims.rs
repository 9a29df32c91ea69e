//! What a ticket says.

use protocol::PlayerId;
use serde::{Deserialize, Serialize};

use crate::{
    allocate::Allocation,
    directory::HOLD,
    ids::{MatchId, Nonce, ServerId},
    seats::Place,
};

/// What a ticket says. The short names are those of all JWTs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// Whose it is.
    #[serde(rename = "sub")]
    pub player: PlayerId,
    /// What they are called.
    pub name: String,
    /// For which match.
    #[serde(rename = "match")]
    pub id: MatchId,
    /// For which seat; none to watch.
    pub seat: Option<u8>,
    /// For which server.
    #[serde(rename = "aud")]
    pub server: ServerId,
    /// Under which nonce the seat is held.
    #[serde(rename = "jti")]
    pub nonce: Nonce,
    /// When it was made, in seconds by Redis' clock.
    #[serde(rename = "iat")]
    pub issued_at: u64,
    /// Until when it is good, in seconds.
    #[serde(rename = "exp")]
    pub expires_at: u64,
}

impl Claims {
    /// What the ticket for a seat says.
    #[must_use]
    pub fn to_play(allocation: &Allocation, name: &str) -> Claims {
        Claims {
            player: allocation.player,
            name: name.to_owned(),
            id: allocation.id.clone(),
            seat: Some(allocation.seat),
            server: allocation.server.clone(),
            nonce: allocation.nonce,
            issued_at: allocation.issued_at,
            expires_at: allocation.issued_at + HOLD.as_secs(),
        }
    }

    /// What the ticket of somebody who watches says.
    #[must_use]
    pub fn to_watch(place: &Place, player: PlayerId, name: &str) -> Claims {
        Claims {
            player,
            name: name.to_owned(),
            id: place.id.clone(),
            seat: None,
            server: place.server.clone(),
            nonce: Nonce::random(),
            issued_at: place.now,
            expires_at: place.now + HOLD.as_secs(),
        }
    }
}
