//! One log line for each answer, inside a span that carries the request's id.

use std::{sync::Arc, time::Instant};

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use tracing::{Instrument, debug, info, info_span};

use crate::{replica::Replica, request_id::REQUEST_ID};

/// Handles a request inside a span that carries its id, counts it, and logs the answer.
pub async fn log_request(
    State(replica): State<Arc<Replica>>,
    request: Request,
    next: Next,
) -> Response {
    let method = request.method().clone();
    let path = request.uri().path().to_owned();
    let is_health_check = path.starts_with("/health/");
    if !is_health_check {
        replica.count_request();
    }

    let id = request
        .headers()
        .get(REQUEST_ID)
        .and_then(|id| id.to_str().ok());
    let span = info_span!("request", id = id.unwrap_or_default());
    let begun = Instant::now();
    let response = next.run(request).instrument(span.clone()).await;
    let status = response.status().as_u16();
    let ms = begun.elapsed().as_millis();
    // Health checks come every second. That is not worth a line by default.
    span.in_scope(|| {
        if is_health_check {
            debug!(%method, path, status, ms, "answered a health check");
        } else {
            info!(%method, path, status, ms, "answered a request");
        }
    });
    response
}
