//! One record for each answer: what was asked, what was answered, and what it waited for.
//!
//! It is one record, and not one for each step, so that whoever has its id has all of it. The fields have OpenTelemetry's
//! names, where it has one.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use telemetry::{
    trace,
    waits::{self, in_ms},
};
use tracing::{Instrument, debug, field::Empty, info, info_span};

use crate::{
    replica::Replica,
    request_id::{CallersId, REQUEST_ID},
};

/// How many characters of what a client chose are logged. A path may have thousands.
const LONGEST: usize = 256;

/// Handles a request inside a span that carries its id and that of its trace, counts it, and logs the answer.
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
    let callers = request.extensions().get();
    let callers = callers.map(|CallersId(id)| id.as_str());
    // The trace begins here. What a caller calls one is not read: it would decide what is stored, and lead into a stranger's story.
    let span = info_span!(
        "request",
        request_id = id.unwrap_or_default(),
        client_request_id = callers,
        trace_id = Empty,
        player = Empty,
        otel.kind = "server",
    );
    trace::name(&span);
    let begun = Instant::now();
    let (response, waited) = waits::counted(next.run(request).instrument(span.clone())).await;
    let status = response.status().as_u16();
    let duration_ms = in_ms(begun.elapsed());
    let ms = |time: Option<Duration>| time.map(in_ms);
    // Health checks come every second or two. That is not worth a line by default.
    span.in_scope(|| {
        if is_health_check {
            debug!(
                http.request.method = method,
                url.path = path,
                http.response.status_code = status,
                duration_ms,
                "answered a health check"
            );
        } else {
            info!(
                http.request.method = method,
                url.path = path,
                http.response.status_code = status,
                duration_ms,
                sessions_ms = ms(waited.sessions),
                pubsub_ms = ms(waited.pubsub),
                matches_ms = ms(waited.matches),
                "answered a request"
            );
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
