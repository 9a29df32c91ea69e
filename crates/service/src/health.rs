//! Two questions that are easily confused.
//!
//! *Live*: does this process answer at all? A replica that fails is taken for dead.
//! The answer must not depend on anything that replicas share: if it did, one lost dependency would take all
//! replicas out at once, and with them what still works.
//!
//! An address outlives its owner: the next process may be given the one of a dead replica. So a question may name the
//! replica that it is for, `?replica=webserver-1&started_at=…`, and no other answers it.
//!
//! *Ready*: should somebody wait before relying on this replica? `docker compose up --wait` and people ask it.

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::{Query, State},
    http::StatusCode,
    routing::get,
};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{application::Application, error::ApiError, readiness::Readiness, replica::Replica};

/// The routes of both.
pub fn routes<App: Application>(readiness: Readiness<App>) -> Router {
    Router::new()
        .route("/health/live", get(live::<App>))
        .route("/health/ready", get(ready::<App>))
        .with_state(Arc::new(readiness))
}

/// Whom a question is meant for: anybody at this address, or one replica, or one start of it.
#[derive(Debug, Default, Deserialize)]
struct Meant {
    replica: Option<String>,
    /// As `/api/whoami` gives it. A replica that was restarted keeps its name, but perhaps not its address.
    started_at: Option<String>,
}

impl Meant {
    fn is(&self, replica: &Replica) -> bool {
        let same = |asked: &Option<String>, own: String| asked.as_ref().is_none_or(|it| *it == own);
        same(&self.replica, replica.id.to_string())
            && same(&self.started_at, replica.started_at.to_string())
    }
}

async fn live<App: Application>(
    State(readiness): State<Arc<Readiness<App>>>,
    Query(meant): Query<Meant>,
) -> Result<Json<Value>, ApiError> {
    let replica = &readiness.replica;
    if meant.is(replica) {
        return Ok(Json(json!({ "status": "live" })));
    }
    let (id, started_at) = (&replica.id, replica.started_at);
    Err(ApiError::new(
        StatusCode::MISDIRECTED_REQUEST,
        format!("this is another replica: {id}, started at {started_at}"),
    ))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_who_is_meant_answers() {
        let id = "webserver-1".parse().unwrap();
        let replica = Replica::new("webserver", id);
        let started_at = replica.started_at.to_string();
        let meant = |replica: Option<&str>, started_at: Option<&str>| Meant {
            replica: replica.map(str::to_owned),
            started_at: started_at.map(str::to_owned),
        };
        assert!(Meant::default().is(&replica));
        assert!(meant(Some("webserver-1"), None).is(&replica));
        assert!(meant(Some("webserver-1"), Some(&started_at)).is(&replica));
        assert!(!meant(Some("webserver-2"), Some(&started_at)).is(&replica));
        assert!(!meant(Some("webserver-1"), Some("2026-01-01T00:00:00Z")).is(&replica));
    }
}
