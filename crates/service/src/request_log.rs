//! One log line for each answer, inside a span that carries the request's id.

use std::{sync::Arc, time::Instant};

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use tracing::{Instrument, debug, info, info_span};

use crate::{replica::Replica, request_id::REQUEST_ID};

/// How many characters of what a client chose are logged. A path may have thousands.
const LONGEST: usize = 256;

/// Handles a request inside a span that carries its id, counts it, and logs the answer.
pub async fn log_request(
    State(replica): State<Arc<Replica>>,
    request: Request,
    next: Next,
) -> Response {
    let method = plain(request.method().as_str());
    let path = plain(request.uri().path());
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
    // Health checks come every second or two. That is not worth a line by default.
    span.in_scope(|| {
        if is_health_check {
            debug!(method, path, status, ms, "answered a health check");
        } else {
            info!(method, path, status, ms, "answered a request");
        }
    });
    response
}

/// A text that a client chose, as it is logged: cut off where it is long, and with its control characters written out, which
/// could tell the terminal of whoever reads it what to do.
fn plain(text: &str) -> String {
    let mut plain = String::new();
    for (index, character) in text.chars().enumerate() {
        if index == LONGEST {
            plain.push('…');
            break;
        }
        if character.is_control() {
            plain.extend(character.escape_unicode());
        } else {
            plain.push(character);
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_client_chose_is_short_and_gives_no_orders() {
        assert_eq!(plain("/a b/ü"), "/a b/ü");
        assert_eq!(plain("/\u{1b}[2J\n\u{9b}"), "/\\u{1b}[2J\\u{a}\\u{9b}");
        let long = plain(&"ü".repeat(10_000));
        assert_eq!(long.chars().count(), LONGEST + 1);
        assert!(long.ends_with('…'));
    }
}
