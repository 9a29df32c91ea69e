//! The id that a request has on its whole way.

use axum::{
    extract::Request,
    http::{HeaderName, HeaderValue},
};
use tower_http::request_id::{MakeRequestId, RequestId};
use uuid::Uuid;

/// The header that holds it, in the request and in the answer.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The id that a caller has given a request.
#[derive(Clone, Debug)]
pub struct CallersId(pub String);

/// Sets the id aside that came with a request, if it is a plain token, so that each request gets one of ours.
///
/// Who looks for one id must find one story. If we took over what comes from outside, two callers could send the same id, or
/// one could send that of somebody else. It ends up in logs, and nobody should be able to write lines of their own into them.
pub async fn set_aside(mut request: Request) -> Request {
    let id = request.headers_mut().remove(&REQUEST_ID);
    if let Some(id) = id.as_ref().and_then(plain_token) {
        let callers = CallersId(id.to_owned());
        request.extensions_mut().insert(callers);
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

fn plain_token(id: &HeaderValue) -> Option<&str> {
    let id = id.to_str().ok()?;
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    ((1..=64).contains(&id.len()) && id.bytes().all(is_plain)).then_some(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_tokens_are_kept() {
        let long = "a".repeat(65);
        for bad in ["", "a b", "a\"b", &long] {
            let id = HeaderValue::from_str(bad).unwrap();
            assert_eq!(plain_token(&id), None, "{bad:?}");
        }
        let fresh = FreshId.make_request_id(&Request::new(())).unwrap();
        assert!(plain_token(fresh.header_value()).is_some());
        let id = HeaderValue::from_static("trace_1.a-B");
        assert_eq!(plain_token(&id), Some("trace_1.a-B"));
    }

    #[tokio::test]
    async fn a_request_keeps_no_id_of_its_caller() {
        let mut request = Request::default();
        let id = HeaderValue::from_static("mine");
        request.headers_mut().insert(REQUEST_ID, id);
        let request = set_aside(request).await;
        assert!(request.headers().get(REQUEST_ID).is_none());
        let CallersId(id) = request.extensions().get().unwrap();
        assert_eq!(id, "mine");
    }
}
