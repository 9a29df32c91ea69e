//! Which page is where, and what answers where there is none.

use std::sync::Arc;

use axum::{Router, routing::get};

use crate::{
    app::App,
    pages::{not_found::not_found, page, whoami},
};

/// The page, the same as JSON, and an error for everything that nothing else answers.
pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/", get(page::page))
        .route("/api/whoami", get(whoami::whoami))
        .fallback(not_found)
}
