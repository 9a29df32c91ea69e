//! `GET /game/ws`: turns a request into a socket.

use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    extract::{State, WebSocketUpgrade, ws::rejection::WebSocketUpgradeRejection},
    http::StatusCode,
    middleware,
    response::Response,
    routing::get,
};
use service::{ApiError, from_our_page};
use sockets::buffers;

use crate::{app::App, clients::socket};

/// The route of those who play or watch.
pub fn routes() -> Router<Arc<App>> {
    // Nobody is known here by a cookie. But whoever takes a seat keeps another from it, so no foreign page may do that in its visitors' names.
    let ours = middleware::from_fn(from_our_page);
    Router::new().route("/game/ws", get(upgrade).layer(ours))
}

/// Opens a socket, if there is room for another.
async fn upgrade(
    State(app): State<Arc<App>>,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Result<Response, ApiError> {
    let upgrade = upgrade.map_err(|rejection| {
        let detail = rejection.body_text();
        ApiError::new(
            rejection.status(),
            format!("{detail}; a request here must open a WebSocket"),
        )
    })?;
    if app.replica.is_stopping() {
        return Err(unavailable("this game server is stopping; try again soon"));
    }
    let Some(permit) = app.connections.try_acquire() else {
        return Err(unavailable(
            "this game server has no room for another socket; try again later",
        ));
    };
    Ok(buffers(upgrade).on_upgrade(|socket| socket::serve(socket, app, permit)))
}

fn unavailable(detail: &str) -> ApiError {
    ApiError::new(StatusCode::SERVICE_UNAVAILABLE, detail).retry_after(Duration::from_secs(1))
}
