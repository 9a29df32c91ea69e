//! Two questions that are easily confused.
//!
//! *Live*: does this process answer at all? Consul asks it, and whoever fails is taken out of the routes.
//! It must not depend on anything that replicas share: if it did, one lost dependency would take all
//! replicas out at once, and with them what still works.
//!
//! *Ready*: should somebody wait before relying on this replica? `docker compose up --wait` and people ask it.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use axum::{Json, Router, extract::State, http::StatusCode, routing::get};
use serde_json::{Value, json};

use crate::session::store; // lesson 4
use crate::startup::App;

pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/health/live", get(live))
        .route("/health/ready", get(ready))
}

/// Whether this replica wants traffic.
#[derive(Debug, Default)]
pub struct Readiness {
    stopping: AtomicBool,
    pub registration: crate::registration::Published, // lesson 2
}

impl Readiness {
    /// From now on the answer is no: this replica was told to stop.
    pub fn stop(&self) {
        self.stopping.store(true, Ordering::Relaxed);
    }

    /// Whether this replica was told to stop.
    pub fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::Relaxed)
    }
}

/// What stands in the way; nothing if the replica is ready.
async fn missing(app: &App) -> Vec<&'static str> {
    let mut missing = Vec::new();
    if app.readiness.is_stopping() {
        missing.push("this replica is stopping");
    }
    missing.extend(app.readiness.registration.missing()); // lesson 2
    missing.extend(store::missing(&app.sessions).await); // lesson 4
    missing.extend(app.messages.missing()); // lesson 5
    missing
}

async fn live() -> Json<Value> {
    Json(json!({ "status": "live" }))
}

async fn ready(State(app): State<Arc<App>>) -> (StatusCode, Json<Value>) {
    let missing = missing(&app).await;
    if missing.is_empty() {
        (StatusCode::OK, Json(json!({ "status": "ready" })))
    } else {
        let body = json!({ "status": "not ready", "missing": missing });
        (StatusCode::SERVICE_UNAVAILABLE, Json(body))
    }
}
