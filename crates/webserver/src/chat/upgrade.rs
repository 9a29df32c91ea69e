//! `GET /ws`: turns a request into a socket.

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

use crate::{
    app::App,
    chat::{may_open::MayOpen, socket, visitor::Visitor},
};

/// The route of those who want to be told by themselves.
pub fn routes() -> Router<Arc<App>> {
    // Whoever opens a socket will say something over it, so a foreign page may not, though this is a GET.
    let ours = middleware::from_fn(from_our_page);
    Router::new().route("/ws", get(upgrade).layer(ours))
}

/// Opens a socket for whoever is logged in, if there is room for another.
async fn upgrade(
    State(app): State<Arc<App>>,
    // Before the session is looked up.
    MayOpen(place): MayOpen,
    visitor: Visitor,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Result<Response, ApiError> {
    let upgrade = upgrade.map_err(|rejection| {
        let detail = rejection.body_text();
        ApiError::new(
            rejection.status(),
            format!("{detail}; a request here must open a WebSocket"),
        )
    })?;
    // A socket that came now would be closed a moment later. Elsewhere it can stay.
    if app.replica.is_stopping() {
        return Err(unavailable(
            "this replica is stopping; try again, and you will reach another",
        ));
    }
    let Some(permit) = app.chat.connections.try_acquire() else {
        return Err(unavailable(
            "this replica has no room for another socket; try again later",
        ));
    };
    Ok(buffers(upgrade).on_upgrade(|socket| socket::serve(socket, app, visitor, permit, place)))
}

fn unavailable(detail: &str) -> ApiError {
    ApiError::new(StatusCode::SERVICE_UNAVAILABLE, detail).retry_after(Duration::from_secs(1))
}
