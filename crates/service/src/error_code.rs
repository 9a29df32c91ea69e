//! What went wrong, as one word for programs.
//!
//! Sentences are for people: they may be reworded, and a page that speaks another language has its own. A program goes
//! by the word.

use axum::http::StatusCode;

/// The word for an error of which no more is known than its status.
pub(crate) fn of_status(status: StatusCode) -> &'static str {
    match status {
        StatusCode::UNAUTHORIZED => "unauthorized",
        StatusCode::FORBIDDEN => "forbidden",
        StatusCode::NOT_FOUND => "not_found",
        StatusCode::METHOD_NOT_ALLOWED => "method_not_allowed",
        StatusCode::REQUEST_TIMEOUT | StatusCode::GATEWAY_TIMEOUT => "timeout",
        StatusCode::PAYLOAD_TOO_LARGE => "too_large",
        StatusCode::UNSUPPORTED_MEDIA_TYPE => "unsupported_media_type",
        StatusCode::MISDIRECTED_REQUEST => "misdirected",
        StatusCode::UNPROCESSABLE_ENTITY => "unprocessable",
        StatusCode::TOO_MANY_REQUESTS => "too_many_requests",
        StatusCode::SERVICE_UNAVAILABLE => "unavailable",
        other if other.is_client_error() => "bad_request",
        _ => "internal",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_error_has_a_word() {
        for (status, code) in [
            (400, "bad_request"),
            (404, "not_found"),
            (418, "bad_request"),
            (421, "misdirected"),
            (422, "unprocessable"),
            (500, "internal"),
            (503, "unavailable"),
            (599, "internal"),
        ] {
            assert_eq!(of_status(StatusCode::from_u16(status).unwrap()), code);
        }
    }
}
