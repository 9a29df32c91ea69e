//! `GET /api/fleet`: all game servers, for everybody who wants to look.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use axum::{Json, Router, extract::State, http::header, response::IntoResponse, routing::get};
use matches::{Directory, ServerState, ServerView};
use serde::Serialize;
use service::ApiError;
use tokio::sync::Mutex;

use crate::{app::App, lobby::refusals::away};

/// The directory is asked once in this time at most, however many look.
const FRESH_FOR: Duration = Duration::from_secs(1);

/// The route of this file.
pub fn routes() -> Router<Arc<App>> {
    Router::new().route("/api/fleet", get(fleet))
}

/// What the directory said last of the game servers.
pub struct Fleet(Mutex<Option<Asked>>);

/// What it said, and when. That it did not answer is remembered, too: else each of those who look would wait for it, one after another.
struct Asked {
    at: Instant,
    servers: Option<Arc<[ServerLine]>>,
}

/// One game server.
#[derive(Clone, Debug, Serialize)]
struct ServerLine {
    server: String,
    state: &'static str,
    matches: u32,
    capacity: u32,
    seats: u8,
    players: u32,
}

#[derive(Debug, Serialize)]
struct Answer {
    servers: Arc<[ServerLine]>,
}

impl Fleet {
    /// Nothing was asked yet.
    pub fn new() -> Fleet {
        Fleet(Mutex::new(None))
    }

    /// All game servers; none if the directory does not answer.
    async fn servers(&self, directory: &Directory) -> Option<Arc<[ServerLine]>> {
        // Whoever comes while it is asked waits here, and gets the same answer.
        let mut asked = self.0.lock().await;
        if let Some(known) = asked
            .as_ref()
            .filter(|asked| asked.at.elapsed() < FRESH_FOR)
        {
            return known.servers.clone();
        }
        let servers = directory.fleet().await.ok();
        let servers = servers.map(|all| all.into_iter().map(ServerLine::of).collect());
        let at = Instant::now();
        asked.insert(Asked { at, servers }).servers.clone()
    }
}

impl ServerLine {
    fn of(view: ServerView) -> ServerLine {
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
    let servers = app.lobby.fleet.servers(&app.lobby.directory).await;
    let servers = servers.ok_or_else(away)?;
    Ok((
        [(header::CACHE_CONTROL, "no-store")],
        Json(Answer { servers }),
    ))
}
