//! The id that a request has on its whole way.

use axum::{
    extract::Request,
    http::{HeaderName, HeaderValue},
};
use tower_http::request_id::{MakeRequestId, RequestId};
use uuid::Uuid;

/// The header that holds it, in the request and in the answer.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Takes an id off a request that is not a plain token, so that a fresh one takes its place.
///
/// An id that came with the request is kept, so that one id follows a request through every service on its
/// way. But it ends up in logs, and nobody should be able to write lines of their own into them.
pub async fn only_plain(mut request: Request) -> Request {
    if !request
        .headers()
        .get(&REQUEST_ID)
        .is_some_and(is_plain_token)
    {
        request.headers_mut().remove(&REQUEST_ID);
    }
    request
}

/// Makes an id for a request that has none.
#[derive(Clone, Copy, Debug)]
pub struct FreshId;

impl MakeRequestId for FreshId {
    fn make_request_id<B>(&mut self, _: &axum::http::Request<B>) -> Option<RequestId> {
        // Version 7 begins with the time, so ids sort in the order in which requests came.
        let id = HeaderValue::try_from(Uuid::now_v7().to_string()).ok()?;
        Some(RequestId::new(id))
    }
}

fn is_plain_token(id: &HeaderValue) -> bool {
    let bytes = id.as_bytes();
    (1..=64).contains(&bytes.len())
        && bytes
            .iter()
            .all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(b))
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
        let fresh = FreshId.make_request_id(&Request::new(())).unwrap();
        assert!(is_plain_token(fresh.header_value()));
        assert!(is_plain_token(&HeaderValue::from_static("trace_1.a-B")));
    }
}
