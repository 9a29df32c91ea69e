//! The body of a request, read before anything else is done for it.

use std::time::Duration;

use axum::{
    body::{Body, Bytes},
    extract::{FromRequest, Request},
    http::StatusCode,
    middleware::Next,
    response::{IntoResponse, Response},
};

use crate::error::ApiError;

/// How long a client may take to send a body, which has at most [`MAX_BODY`](crate::error::MAX_BODY) bytes.
const BODY_WITHIN: Duration = Duration::from_secs(5);

/// Goes on with the request when its body is there, as a whole.
///
/// A client that sends one byte a second would otherwise keep a handler busy for as long, and whatever the handler
/// holds. So nothing is held for it but its few bytes, and not for long.
pub async fn whole(request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let read = Bytes::from_request(Request::new(body), &());
    match tokio::time::timeout(BODY_WITHIN, read).await {
        Ok(Ok(bytes)) => {
            let request = Request::from_parts(parts, Body::from(bytes));
            next.run(request).await
        }
        Ok(Err(refused)) => refused.into_response(),
        Err(_) => {
            let detail =
                format!("the body did not arrive; it must be complete within {BODY_WITHIN:?}");
            ApiError::new(StatusCode::REQUEST_TIMEOUT, detail).into_response()
        }
    }
}
