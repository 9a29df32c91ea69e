//! `GET /ws`: turns a request into a socket.

use std::sync::Arc;

use axum::{
    Router,
    extract::{State, WebSocketUpgrade, ws::rejection::WebSocketUpgradeRejection},
    http::StatusCode,
    response::Response,
    routing::get,
};
use protocol::limits::MAX_FRAME;
use service::ApiError;

use crate::chat::after::After; // lesson 7
use crate::{app::App, chat::socket, session::player::Player};

/// The largest message that is read at all, in bytes. A larger one ends the socket without a word.
const MAX_MESSAGE: usize = 2 * MAX_FRAME;

/// What a socket's buffers begin with, in bytes. The library's default of 128 KiB for reading would be 1.3 GB for ten
/// thousand players who say nothing.
const READ_BUFFER: usize = 4 * 1024;

/// Up to so many bytes are gathered before they are written, so that a burst of small frames becomes one system call. The
/// buffer keeps the size that it once had, for every socket: more would be memory for nothing most of the time.
const WRITE_BUFFER: usize = 4 * 1024;

/// Where a socket is given up that takes nothing, in bytes.
const MAX_WRITE_BUFFER: usize = 1024 * 1024;

pub fn routes() -> Router<Arc<App>> {
    Router::new().route("/ws", get(upgrade))
}

/// Whose socket it is, is decided here and once: with the cookie of this request. What comes over the socket later is
/// taken for that player.
async fn upgrade(
    State(app): State<Arc<App>>,
    player: Player,
    After { after }: After, // lesson 7
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Result<Response, ApiError> {
    let upgrade = upgrade.map_err(|rejection| {
        let told = format!(
            "{}; only a WebSocket is accepted here",
            rejection.body_text()
        );
        ApiError::new(rejection.status(), told)
    })?;
    // A socket that came now would be closed a moment later. Elsewhere it can stay.
    if app.replica.is_stopping() {
        return Err(unavailable(
            "this replica is stopping; try again to reach another",
        ));
    }
    let Some(place) = app.chat.sockets.enter() else {
        return Err(unavailable(
            "this replica has no room for another socket; try again later",
        ));
    };
    Ok(upgrade
        .max_message_size(MAX_MESSAGE)
        .max_frame_size(MAX_MESSAGE)
        .read_buffer_size(READ_BUFFER)
        .write_buffer_size(WRITE_BUFFER)
        .max_write_buffer_size(MAX_WRITE_BUFFER)
        // .on_upgrade(|socket| socket::serve(socket, app, player, place))) // lesson 6 only
        .on_upgrade(move |socket| socket::serve(socket, app, player, place, after))) // lesson 7
}

fn unavailable(told: &str) -> ApiError {
    ApiError::new(StatusCode::SERVICE_UNAVAILABLE, told).retry_after(1)
}
