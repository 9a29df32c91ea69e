//! Who asks: the player whom the session holds.

use axum::{
    extract::FromRequestParts,
    http::{StatusCode, request::Parts},
};
use protocol::{PlayerId, Who};
use service::ApiError;
use tower_sessions::Session;

use crate::session::{layer::unreadable, name::PlayerName, record::record_in};

/// A player who is logged in. For a handler that takes one, a request of nobody is answered with a 401.
#[derive(Clone, Debug)]
pub struct Player {
    /// What the player is called.
    pub name: PlayerName,
    /// By which the player is told from others who are called the same.
    pub id: PlayerId,

    // lesson 5
    /// The browser, by which limits count.
    pub browser: String,
}

impl<S: Send + Sync> FromRequestParts<S> for Player {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Player, ApiError> {
        let session = Session::from_request_parts(parts, state)
            .await
            .map_err(|(status, message)| ApiError::new(status, message))?;
        let record = record_in(&session).await.map_err(unreadable)?;
        let known = record.ok_or_else(nobody)?;
        Ok(Player {
            name: known.name,
            id: known.player,
            browser: known.browser, // lesson 5
        })
    }
}

impl Player {
    /// Who the player is, as others are told it.
    pub fn who(&self) -> Who {
        Who {
            player: self.id,
            name: self.name.as_str().to_owned(),
        }
    }
}

/// What whoever is not logged in is told.
pub fn nobody() -> ApiError {
    ApiError::new(
        StatusCode::UNAUTHORIZED,
        "nobody is logged in here; POST a name to /api/login first",
    )
}
