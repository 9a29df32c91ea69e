//! Which page is where, and what answers where there is none.

use std::sync::Arc;

use axum::{
    Router,
    extract::{Request, State},
    response::Response,
    routing::get,
};

use crate::{
    app::App,
    pages::{page, whoami},
};

/// The plain page, the same as JSON, and the client for everything that nothing else answers.
pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/plain", get(page::page))
        .route("/api/whoami", get(whoami::whoami))
        .fallback(client)
}

async fn client(State(app): State<Arc<App>>, request: Request) -> Response {
    app.spa.serve(request).await
}
