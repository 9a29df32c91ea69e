//! `GET /game/`: what is played here, and what it has cost so far.

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::State,
    response::{IntoResponse, Response},
    routing::get,
};
use serde::Serialize;

use crate::{
    app::App,
    matches::{counters::Counters, room::Overview},
};

/// The route of those who want to know how this server is.
pub fn routes() -> Router<Arc<App>> {
    Router::new().route("/game/", get(status))
}

#[derive(Serialize)]
struct Status<'a> {
    server: &'a str,
    #[serde(flatten)]
    overview: Overview,
    counters: &'a Counters,
}

async fn status(State(app): State<Arc<App>>) -> Response {
    let status = Status {
        server: &app.replica.id.to_string(),
        overview: app.room.overview(),
        counters: &app.room.counters,
    };
    Json(status).into_response()
}
