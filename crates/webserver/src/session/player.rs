//! Who asks: the player whose name the session holds.

use axum::{
    extract::FromRequestParts,
    http::{StatusCode, request::Parts},
};
use service::ApiError;
use tower_sessions::Session;

use crate::session::{
    layer::{name_in, unreadable},
    name::PlayerName,
};

/// A player who is logged in. For a handler that takes one, a request of nobody is answered with a 401.
#[derive(Clone, Debug)]
pub struct Player {
    /// What the player is called.
    pub name: PlayerName,

    // lesson 5
    /// The session, by which this player is told from another of the same name.
    pub session: tower_sessions::session::Id,
}

impl<S: Send + Sync> FromRequestParts<S> for Player {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Player, ApiError> {
        let session = Session::from_request_parts(parts, state)
            .await
            .map_err(|(status, message)| ApiError::new(status, message))?;
        let name = name_in(&session).await.map_err(unreadable)?;
        // let player = name.map(|name| Player { name }); // lesson 4 only
        let id = session.id(); // lesson 5
        let player = name.zip(id).map(|(name, session)| Player { name, session }); // lesson 5
        player.ok_or_else(|| {
            ApiError::new(
                StatusCode::UNAUTHORIZED,
                "nobody is logged in here; POST a name to /api/login first",
            )
        })
    }
}
