//! A request id on every request, and one log line for each answer.

use std::{sync::Arc, time::Instant};

use axum::{
    extract::{Request, State},
    http::{HeaderName, HeaderValue},
    middleware::Next,
    response::Response,
};
use tracing::{Instrument, debug, info, info_span};
use uuid::Uuid;

use crate::startup::App;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const REPLICA: HeaderName = HeaderName::from_static("x-replica"); // lesson 3

/// Handles a request inside a span that carries its id, counts it, and logs the answer.
///
/// An id that came with the request is kept, so that one id follows a request through every service on its
/// way. One that is missing, or is not a plain token, is replaced: it ends up in logs, and nobody should be
/// able to write lines of their own into them.
pub async fn log_request(
    State(app): State<Arc<App>>,
    mut request: Request,
    next: Next,
) -> Response {
    let id = match request.headers().get(&REQUEST_ID) {
        Some(id) if is_plain_token(id) => id.clone(),
        _ => fresh_id(),
    };
    request.headers_mut().insert(REQUEST_ID, id.clone());
    let method = request.method().clone();
    let path = request.uri().path().to_owned();
    let is_health_check = path.starts_with("/health/");
    if !is_health_check {
        app.replica.count_request();
    }

    let span = info_span!("request", id = id.to_str().unwrap_or_default());
    let begun = Instant::now();
    let mut response = next.run(request).instrument(span.clone()).await;
    let status = response.status().as_u16();
    let ms = begun.elapsed().as_millis();
    // Consul asks after each replica's health every second. That is not worth a line by default.
    span.in_scope(|| {
        if is_health_check {
            debug!(%method, path, status, ms, "answered a health check");
        } else {
            info!(%method, path, status, ms, "answered a request");
        }
    });
    response.headers_mut().insert(REQUEST_ID, id);
    // lesson 3
    // Files and errors name their replica, too, for a page that shows who answered.
    if let Ok(replica) = HeaderValue::try_from(app.replica.id.to_string()) {
        response.headers_mut().insert(REPLICA, replica);
    }

    response
}

fn is_plain_token(id: &HeaderValue) -> bool {
    let bytes = id.as_bytes();
    (1..=64).contains(&bytes.len())
        && bytes
            .iter()
            .all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(b))
}

fn fresh_id() -> HeaderValue {
    // Version 7 begins with the time, so ids sort in the order in which requests came.
    HeaderValue::try_from(Uuid::now_v7().to_string()).unwrap_or(HeaderValue::from_static("none"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_tokens_are_taken_over() {
        let long = "a".repeat(65);
        for bad in ["", "a b", "a\"b", &long] {
            assert!(
                !is_plain_token(&HeaderValue::from_str(bad).unwrap()),
                "{bad:?}"
            );
        }
        assert!(is_plain_token(&fresh_id()));
        assert!(is_plain_token(&HeaderValue::from_static("trace_1.a-B")));
    }
}
