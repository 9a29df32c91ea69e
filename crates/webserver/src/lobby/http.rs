//! `GET /api/lobby`: what the server knows of whoever asks. It is the only truth, and a page shows nothing else.

use std::sync::Arc;

use axum::{Json, Router, extract::State, http::header, response::IntoResponse, routing::get};
use matches::{MAX_MEMBERS, Party, Seat};
use protocol::{Who, game::RULES};
use serde::Serialize;
use service::ApiError;
use tower_sessions::Session;

use crate::{
    app::App,
    lobby::refusals::unavailable,
    session::{layer::unreadable, record::record_in},
};

/// The route of this file.
pub fn routes() -> Router<Arc<App>> {
    Router::new().route("/api/lobby", get(lobby))
}

/// What the server knows of a player; of nobody it knows nothing.
#[derive(Debug, Serialize)]
pub struct LobbyView {
    player: Option<Who>,
    party: Option<PartyView>,
    seat: Option<SeatView>,
    /// By which rules matches are played. A page that has others is an old one.
    rules: u32,
}

/// Players who want to sit together.
#[derive(Debug, Serialize)]
struct PartyView {
    code: String,
    members: Vec<Who>,
    size: usize,
}

/// Where a player sits.
#[derive(Debug, Serialize)]
struct SeatView {
    server: String,
    r#match: String,
    seat: u8,
    taken: bool,
    /// Whether the match has no server at the moment, and will have another one. `server` is where it was last.
    moving: bool,
}

impl LobbyView {
    /// What is known of this player.
    ///
    /// # Errors
    /// When the directory does not answer.
    pub async fn of(app: &App, who: Who) -> Result<LobbyView, ApiError> {
        let directory = &app.lobby.directory;
        let (party, seat) = tokio::try_join!(
            directory.party_of(who.player),
            directory.seat_of(who.player)
        )
        .map_err(|error| unavailable(&error))?;
        Ok(LobbyView {
            player: Some(who),
            party: party.map(PartyView::of),
            seat: seat.map(SeatView::of),
            rules: RULES,
        })
    }

    /// What there is to know for whoever is nobody.
    fn of_nobody() -> LobbyView {
        LobbyView {
            player: None,
            party: None,
            seat: None,
            rules: RULES,
        }
    }
}

impl PartyView {
    fn of(party: Party) -> PartyView {
        let members = party.members.into_iter();
        PartyView {
            code: party.code.to_string(),
            members: members
                .map(|member| Who {
                    player: member.player,
                    name: member.name,
                })
                .collect(),
            size: MAX_MEMBERS,
        }
    }
}

impl SeatView {
    fn of(seat: Seat) -> SeatView {
        SeatView {
            server: seat.server.to_string(),
            r#match: seat.id.to_string(),
            seat: seat.seat,
            taken: seat.taken,
            moving: seat.is_moving,
        }
    }
}

/// Nobody is an answer, too, and no error: the page asks before it knows.
async fn lobby(
    State(app): State<Arc<App>>,
    session: Session,
) -> Result<impl IntoResponse, ApiError> {
    let view = match record_in(&session).await.map_err(unreadable)? {
        Some(known) => {
            let name = known.name.as_str().to_owned();
            let player = known.player;
            LobbyView::of(&app, Who { player, name }).await?
        }
        None => LobbyView::of_nobody(),
    };
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(view)))
}
