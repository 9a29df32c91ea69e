//! `GET /game/<id>/`: what is played here, and what it has cost so far.

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::State,
    response::{IntoResponse, Response},
    routing::get,
};
use matches::{ServerId, ServerState};
use serde::Serialize;

use crate::{
    app::App,
    matches::{counters::Counters, room::Overview},
};

/// The routes of those who want to know how this server is, below its own path. `/game/` is the way to all of them, and whoever asks there is
/// told of one.
pub fn routes(own: &str) -> Router<Arc<App>> {
    Router::new()
        .route("/game/", get(status))
        .route(&format!("{own}/"), get(status))
}

#[derive(Serialize)]
struct Status<'a> {
    replica: &'a str,
    server: &'a ServerId,
    state: ServerState,
    capacity: u32,
    tick_rate: u32,
    matches: Vec<Overview>,
    counters: &'a Counters,
}

async fn status(State(app): State<Arc<App>>) -> Response {
    let config = &app.rooms.config;
    let status = Status {
        replica: &app.replica.id.to_string(),
        server: &app.link.server,
        state: app.link.lease.state(app.replica.is_stopping()),
        capacity: config.capacity,
        tick_rate: config.tick_rate,
        matches: app.rooms.overview(),
        counters: &app.rooms.counters,
    };
    Json(status).into_response()
}
