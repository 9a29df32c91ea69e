//! Two questions that are easily confused.
//!
//! *Live*: does this process answer at all? Whoever fails is taken for dead.
//! It must not depend on anything that replicas share: if it did, one lost dependency would take all
//! replicas out at once, and with them what still works.
//!
//! *Ready*: should somebody wait before relying on this replica? `docker compose up --wait` and people ask it.

use std::sync::Arc;

use axum::{Json, Router, extract::State, http::StatusCode, routing::get};
use serde_json::{Value, json};

use crate::{application::Application, readiness::Readiness};

/// The routes of both.
pub fn routes<App: Application>(readiness: Readiness<App>) -> Router {
    Router::new()
        .route("/health/live", get(live))
        .route("/health/ready", get(ready::<App>))
        .with_state(Arc::new(readiness))
}

async fn live() -> Json<Value> {
    Json(json!({ "status": "live" }))
}

async fn ready<App: Application>(
    State(readiness): State<Arc<Readiness<App>>>,
) -> (StatusCode, Json<Value>) {
    let missing = readiness.missing().await;
    if missing.is_empty() {
        (StatusCode::OK, Json(json!({ "status": "ready" })))
    } else {
        let body = json!({ "status": "not ready", "missing": missing });
        (StatusCode::SERVICE_UNAVAILABLE, Json(body))
    }
}
