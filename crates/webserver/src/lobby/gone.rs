//! What is left of a game server that is gone: its way leads here, because its route in Traefik is gone, too.

use std::sync::Arc;

use axum::{Router, http::StatusCode, routing::any};
use service::ApiError;

use crate::app::App;

/// The paths of game servers, which only reach this service when no game server takes them.
pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/game/", any(gone))
        .route("/game/{*rest}", any(gone))
}

/// Says where to go on. A 404 would leave a client with nothing to do.
async fn gone() -> ApiError {
    ApiError::new(
        StatusCode::GONE,
        "this game server is gone; POST /api/play leads you to wherever your match goes on, or gives you a seat in another one",
    )
    .with_code("server_gone")
}
