//! The routes of all features, joined.

use std::sync::Arc;

use axum::{
    Router,
    http::{Method, StatusCode, Uri},
};
use service::{ApiError, Application};

use crate::{app::App, clients::upgrade, status};

impl Application for App {
    fn router(self: Arc<App>) -> Router {
        let own = format!("/game/{}", self.link.server);
        Router::new()
            .merge(status::routes(&own))
            .merge(upgrade::routes(&own))
            .fallback(not_found)
            .with_state(self)
    }

    async fn missing(&self) -> Vec<&'static str> {
        App::missing(self)
    }

    async fn drain(&self) {
        App::drain(self).await;
    }

    async fn close(&self) {
        // First it is nowhere any more, and then its players look for another place.
        self.link.withdraw().await;
        self.connections.close().await;
    }
}

/// Says what was asked for, and where there is something.
///
/// What is asked of a game server that is gone comes here, too: its own route is gone with it, and what is left is that of all of them.
async fn not_found(method: Method, uri: Uri) -> ApiError {
    let path = uri.path();
    if path.starts_with("/game/") {
        let message = "this game server is gone, and its matches go on elsewhere; GET /api/lobby says where your seat is, and POST /api/play leads you to it";
        return ApiError::new(StatusCode::GONE, message).with_code("server_gone");
    }
    let message = format!("nothing answers {method} {path}; a game server has /game/");
    ApiError::new(StatusCode::NOT_FOUND, message)
}
