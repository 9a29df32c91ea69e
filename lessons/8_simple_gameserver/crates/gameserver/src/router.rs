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
        Router::new()
            .merge(status::routes())
            .merge(upgrade::routes())
            .fallback(not_found)
            .with_state(self)
    }

    async fn close(&self) {
        self.connections.close().await;
    }
}

/// Says what was asked for, and where there is something.
async fn not_found(method: Method, uri: Uri) -> ApiError {
    let path = uri.path();
    let message = format!("nothing answers {method} {path}; a game server has /game/ and /game/ws");
    ApiError::new(StatusCode::NOT_FOUND, message)
}
