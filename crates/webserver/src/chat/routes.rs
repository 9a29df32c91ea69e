//! The routes of the chat.

use std::sync::Arc;

use axum::Router;

use crate::chat::upgrade;
use crate::{app::App, chat::http};

/// Saying and asking over HTTP, and a socket for both.
pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .merge(upgrade::routes()) // lesson 6
        .merge(http::routes())
}
