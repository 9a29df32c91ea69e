//! The body of a request, read before anything else is done for it.

use std::time::Duration;

use axum::{
    body::{Body, Bytes},
    extract::Request,
    http::StatusCode,
    middleware::Next,
    response::{IntoResponse, Response},
};
use http_body_util::BodyExt;

use crate::error::{ApiError, MAX_BODY};

/// How long a client may take to send a body.
const BODY_WITHIN: Duration = Duration::from_secs(5);

/// Up to so many bytes of a body that is too large are read, and thrown away. Whoever is answered before they have sent
/// everything may never read the answer: the connection breaks while they still write, and a proxy says 502 for it.
const READ_AT_MOST: usize = 1024 * 1024;

/// Goes on with the request when its body is there, as a whole.
///
/// A client that sends one byte a second would otherwise keep a handler busy for as long, and whatever the handler
/// holds. So nothing is held for it but its few bytes, and not for long.
pub async fn whole(request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    match tokio::time::timeout(BODY_WITHIN, read(body)).await {
        Ok(Ok(Some(bytes))) => {
            let request = Request::from_parts(parts, Body::from(bytes));
            next.run(request).await
        }
        Ok(Ok(None)) => StatusCode::PAYLOAD_TOO_LARGE.into_response(),
        Ok(Err(error)) => {
            let detail = format!("the body cannot be read: {error}; all of it is needed");
            ApiError::new(StatusCode::BAD_REQUEST, detail).into_response()
        }
        Err(_) => {
            let detail =
                format!("the body did not arrive; it must be complete within {BODY_WITHIN:?}");
            ApiError::new(StatusCode::REQUEST_TIMEOUT, detail).into_response()
        }
    }
}

/// The bytes of a body, or none if they are too many.
async fn read(mut body: Body) -> Result<Option<Bytes>, axum::Error> {
    let (mut bytes, mut length) = (Vec::new(), 0);
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame?.into_data() else {
            continue;
        };
        length += data.len();
        if length <= MAX_BODY {
            bytes.extend_from_slice(&data);
        } else if length > READ_AT_MOST {
            break;
        }
    }
    Ok((length <= MAX_BODY).then(|| bytes.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_body_is_whole_or_too_large() {
        for (length, is_accepted) in [
            (0, true),
            (MAX_BODY, true),
            (MAX_BODY + 1, false),
            (2 * READ_AT_MOST, false),
        ] {
            let bytes = read(Body::from(vec![b'a'; length])).await.unwrap();
            let expected = is_accepted.then_some(length);
            assert_eq!(bytes.map(|bytes| bytes.len()), expected, "{length}");
        }
    }
}
