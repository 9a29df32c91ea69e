//! `GET /game/<id>/ws`: turns a request into a socket.

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

/// The route of those who play or watch, below the path of this server.
pub fn routes(own: &str) -> Router<Arc<App>> {
    // Nobody is known here by a cookie, and no foreign page has a ticket. But each socket takes the place of another.
    let ours = middleware::from_fn(from_our_page);
    Router::new().route(&format!("{own}/ws"), get(upgrade).layer(ours))
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
