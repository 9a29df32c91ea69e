//! `GET /api/fleet`: all game servers, for everybody who wants to look.

use std::sync::Arc;

use axum::{Json, Router, extract::State, http::header, response::IntoResponse, routing::get};
use matches::{ServerState, ServerView};
use serde::Serialize;
use service::ApiError;

use crate::{app::App, lobby::refusals::away};

/// The route of this file.
pub fn routes() -> Router<Arc<App>> {
    Router::new().route("/api/fleet", get(fleet))
}

#[derive(Debug, Serialize)]
struct Answer {
    servers: Vec<ServerLine>,
}

/// One game server.
#[derive(Debug, Serialize)]
struct ServerLine {
    server: String,
    state: &'static str,
    matches: u32,
    capacity: u32,
    seats: u8,
    players: u32,
}

impl ServerLine {
    fn of(view: &ServerView) -> ServerLine {
        ServerLine {
            server: view.server.to_string(),
            state: match view.state {
                ServerState::Starting => "starting",
                ServerState::Ready => "ready",
                ServerState::Allocated => "allocated",
                ServerState::Draining => "draining",
                ServerState::Lost => "lost",
            },
            matches: view.matches,
            capacity: view.capacity,
            seats: view.seats,
            players: view.players,
        }
    }
}

async fn fleet(State(app): State<Arc<App>>) -> Result<impl IntoResponse, ApiError> {
    let known = app.lobby.fleet.servers(&app.lobby.directory).await;
    let servers = known.ok_or_else(away)?.iter().map(ServerLine::of).collect();
    Ok((
        [(header::CACHE_CONTROL, "no-store")],
        Json(Answer { servers }),
    ))
}
