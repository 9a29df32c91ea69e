//! Who asks: the player whose name the session holds.

use axum::{
    extract::FromRequestParts,
    http::{StatusCode, request::Parts},
};
use tower_sessions::{Session, session};

use crate::sliding_expiry; // lesson 4
use crate::{error::ApiError, name::PlayerName};

/// The key in a session under which the player's name stands.
const NAME: &str = "name";

/// A player who is logged in. A handler that takes one is answered for by a 401 when nobody is.
#[derive(Clone, Debug)]
pub struct Player {
    /// What the player is called.
    pub name: PlayerName,
    /// The session, by which this player is told from another of the same name.
    pub session: session::Id, // lesson 4
}

impl<S: Send + Sync> FromRequestParts<S> for Player {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Player, ApiError> {
        let session = Session::from_request_parts(parts, state)
            .await
            .map_err(|(status, message)| ApiError::new(status, message))?;
        let name = name_in(&session).await?;
        let id = session.id(); // lesson 4
        // let player = name.map(|name| Player { name }); // lesson 3 only
        let player = name.zip(id).map(|(name, session)| Player { name, session }); // lesson 4
        player.ok_or_else(|| {
            ApiError::new(
                StatusCode::UNAUTHORIZED,
                "nobody is logged in here; POST a name to /api/login first",
            )
        })
    }
}

/// The name in a session, if somebody is logged in.
///
/// # Errors
/// When the store does not answer.
pub async fn name_in(session: &Session) -> Result<Option<PlayerName>, session::Error> {
    let name = session.get(NAME).await?;
    // lesson 4
    if name.is_some() {
        sliding_expiry::keep_alive(session).await?;
    }

    Ok(name)
}

/// Logs in: writes the name into the session, under a new id.
///
/// The new id is what stops *session fixation*. Somebody who slipped a player an id that they know would otherwise be
/// logged in along with the player.
///
/// # Errors
/// When the store does not answer.
pub async fn log_in(session: &Session, name: &PlayerName) -> Result<(), session::Error> {
    session.cycle_id().await?;
    session.insert(NAME, name).await?;
    sliding_expiry::begin(session).await?; // lesson 4
    Ok(())
}
