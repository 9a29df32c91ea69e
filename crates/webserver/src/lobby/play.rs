//! `POST /api/play`, `DELETE /api/play`, `POST /api/watch`: a seat in a match, and the ticket that proves it.

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::State,
    http::{StatusCode, header},
    response::IntoResponse,
    routing::post,
};
use matches::{HOLD, MatchId, PartyCode, ServerId, tickets::Claims};
use serde::{Deserialize, Serialize};
use service::{ApiError, Body};
use tower_sessions::Session;

use crate::{
    app::App,
    lobby::{
        refusals::{malformed_code, nothing_to_watch, unavailable},
        seating::{seat_alone, seat_party},
    },
    session::{layer::unreadable, player::Player, record::record_in},
};

/// The routes of this file.
pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/api/play", post(play).delete(leave))
        .route("/api/watch", post(watch))
}

#[derive(Debug, Deserialize)]
struct Play {
    #[serde(default)]
    party: Option<String>,
}

/// Nothing is asked of who watches.
#[derive(Debug, Deserialize)]
struct Watch {}

/// The way into a match.
#[derive(Serialize)]
struct Ticketed {
    server: ServerId,
    r#match: MatchId,
    seat: Option<u8>,
    /// Where that server has its sockets. Its route in Traefik was reached before anybody is sent there.
    path: String,
    ticket: String,
    hold_ms: u128,
}

/// A seat for whoever asks; with a party, for all who are in it.
async fn play(
    State(app): State<Arc<App>>,
    player: Player,
    Body(play): Body<Play>,
) -> Result<impl IntoResponse, ApiError> {
    app.lobby.rate_limit.check(&player.browser)?;
    let seated = match play.party {
        None => seat_alone(&app, player.id).await?,
        Some(code) => {
            let code: PartyCode = code.parse().map_err(malformed_code)?;
            seat_party(&app, player.id, code).await?
        }
    };
    let claims = Claims::to_play(&seated, player.name.as_str());
    with_ticket(&app, claims).await
}

/// A place to watch from, where most is going on.
async fn watch(
    State(app): State<Arc<App>>,
    player: Player,
    Body(Watch {}): Body<Watch>,
) -> Result<impl IntoResponse, ApiError> {
    app.lobby.rate_limit.check(&player.browser)?;
    let place = app.lobby.directory.watchable().await;
    let place = place.map_err(|error| unavailable(&error))?;
    let place = place.ok_or_else(nothing_to_watch)?;
    let claims = Claims::to_watch(&place, player.id, player.name.as_str());
    with_ticket(&app, claims).await
}

/// Leaving always works: whoever has no seat, or is nobody, has left.
async fn leave(State(app): State<Arc<App>>, session: Session) -> Result<StatusCode, ApiError> {
    if let Some(known) = record_in(&session).await.map_err(unreadable)? {
        let left = app.lobby.directory.leave(known.player).await;
        left.map_err(|error| unavailable(&error))?;
    }
    Ok(StatusCode::NO_CONTENT)
}

/// The answer for whoever may go there. Whoever has a ticket gets in with it, so nobody on the way may keep it.
async fn with_ticket(app: &App, claims: Claims) -> Result<impl IntoResponse + use<>, ApiError> {
    let ticketed = Ticketed {
        ticket: app.lobby.keys.sign(&claims).await?,
        path: format!("/game/{}/ws", claims.server),
        server: claims.server,
        r#match: claims.id,
        seat: claims.seat,
        hold_ms: HOLD.as_millis(),
    };
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(ticketed)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use service::testing::{as_json, bodies, content_types, read};

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(20_000))]

        #[test]
        fn any_body_is_an_ask_or_refused(content_type in content_types(), body in bodies("party")) {
            let _ = read(content_type, body, |play: Play| {
                play.party.map(|code| code.parse::<PartyCode>()).transpose().map_err(malformed_code)
            });
        }
    }

    #[test]
    fn who_names_no_party_plays_alone() {
        for body in ["{}", r#"{"party":null}"#] {
            let alone = read(as_json(), body.into(), |play: Play| {
                Ok::<_, ApiError>(play.party)
            });
            assert_eq!(alone, Ok(None), "{body}");
        }
    }
}
