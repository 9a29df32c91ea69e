//! The routes of the chat.

use std::sync::Arc;

use axum::Router;

use crate::chat::upgrade;
use crate::{app::App, chat::http};

/// All ways to say something, and to hear what was said.
pub fn routes() -> Router<Arc<App>> {
    Router::new()
        // For those who ask.
        .merge(http::routes())
        .merge(upgrade::routes()) // lesson 6
}
