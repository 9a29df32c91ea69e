//! `POST /api/party`, `POST /api/party/join`, `DELETE /api/party`: who wants to sit together.

use std::sync::Arc;

use axum::{Json, Router, extract::State, http::StatusCode, routing::post};
use matches::{JoinError, Member, PartyCode};
use serde::Deserialize;
use service::{ApiError, Body};
use tower_sessions::Session;

use crate::{
    app::App,
    lobby::{
        http::LobbyView,
        refusals::{malformed_code, no_such_party, party_full, unavailable},
    },
    session::{address::ClientAddress, layer::unreadable, player::Player, record::record_in},
};

/// The routes of this file.
pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/api/party", post(create).delete(leave))
        .route("/api/party/join", post(join))
}

/// Nothing is asked of whoever makes a party. What is there may become more one day.
#[derive(Debug, Deserialize)]
struct Create {}

#[derive(Debug, Deserialize)]
struct Join {
    code: String,
}

/// A party for whoever asks; the one that there is, if they are in one.
async fn create(
    State(app): State<Arc<App>>,
    player: Player,
    Body(Create {}): Body<Create>,
) -> Result<Json<LobbyView>, ApiError> {
    app.lobby.rate_limit.check(&player.browser)?;
    let created = app.lobby.directory.create_party(&member(&player)).await;
    created.map_err(|error| unavailable(&error))?;
    Ok(Json(LobbyView::of(&app, player.who()).await?))
}

async fn join(
    State(app): State<Arc<App>>,
    address: ClientAddress,
    player: Player,
    Body(join): Body<Join>,
) -> Result<Json<LobbyView>, ApiError> {
    let code: PartyCode = join.code.parse().map_err(malformed_code)?;
    let guess = app.lobby.guesses.begin(&player.browser, address)?;
    if let Err(refused) = app.lobby.rate_limit.check(&player.browser) {
        guess.take_back();
        return Err(refused);
    }
    let joined = app
        .lobby
        .directory
        .join_party(&code, &member(&player))
        .await;
    // Of all answers one says that the code was wrong.
    if !matches!(joined, Err(JoinError::NoSuchParty)) {
        guess.take_back();
    }
    joined.map_err(|error| match error {
        JoinError::NoSuchParty => no_such_party(),
        JoinError::Full => party_full(),
        JoinError::Directory(error) => unavailable(&error),
    })?;
    Ok(Json(LobbyView::of(&app, player.who()).await?))
}

/// Leaving always works: whoever is in no party, or is nobody, has left.
async fn leave(State(app): State<Arc<App>>, session: Session) -> Result<StatusCode, ApiError> {
    if let Some(known) = record_in(&session).await.map_err(unreadable)? {
        let left = app.lobby.directory.leave_party(known.player).await;
        left.map_err(|error| unavailable(&error))?;
    }
    Ok(StatusCode::NO_CONTENT)
}

fn member(player: &Player) -> Member {
    let who = player.who();
    Member {
        player: who.player,
        name: who.name,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use service::testing::{as_json, bodies, content_types, read};

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(20_000))]

        #[test]
        fn any_body_is_a_code_or_refused(content_type in content_types(), body in bodies("code")) {
            let _ = read(content_type, body, |join: Join| {
                join.code.parse::<PartyCode>().map_err(malformed_code)
            });
        }
    }

    #[test]
    fn whoever_makes_a_party_says_nothing_more() {
        let made = read(as_json(), "{}".into(), |Create {}| Ok::<_, ApiError>(()));
        assert_eq!(made, Ok(()));
    }
}
