//! Every error that a service answers is JSON: `{"code": "not_found", "error": "…", "status": 404}`.

use std::time::Duration;

use axum::{
    Json,
    body::Body,
    extract::Request,
    http::{HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

use crate::error_code;

/// The largest request body that is read, in bytes. Nothing that is accepted here comes near it, and a client
/// that sends more is told so before anything of it is kept.
pub const MAX_BODY: usize = 16 * 1024;

// lesson 7
/// Every 503 says when to come back, in seconds: what is away here is mostly back, or replaced, by then.
const SOON: u64 = 1;

/// An error as a client sees it: a status, a word for programs, and a sentence for people that says what was wrong and
/// what is accepted.
#[derive(Debug)]
pub struct ApiError {
    status: StatusCode,
    code: &'static str,
    message: String,
    retry_after: Option<u64>,
}

impl ApiError {
    /// An error with this status and this sentence.
    pub fn new(status: StatusCode, message: impl Into<String>) -> ApiError {
        ApiError {
            status,
            code: error_code::of_status(status),
            message: message.into(),
            // retry_after: None, // lessons 1 to 6 only
            retry_after: (status == StatusCode::SERVICE_UNAVAILABLE).then_some(SOON), // lesson 7
        }
    }

    /// What was sent can be read, and is not accepted.
    pub fn unprocessable(message: impl Into<String>) -> ApiError {
        ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, message)
    }

    /// Says more than the status does, in one word of small letters.
    #[must_use]
    pub fn with_code(mut self, code: &'static str) -> ApiError {
        self.code = code;
        self
    }

    /// Says how long to wait before it makes sense to try again.
    #[must_use]
    pub fn retry_after(mut self, wait: Duration) -> ApiError {
        // Whole seconds, as the header has them. Rounded up: whoever comes back a moment early would only be sent away again.
        self.retry_after = Some(wait.as_secs_f64().ceil().max(1.0) as u64);
        self
    }

    /// After how many seconds it makes sense to try again, where that is known.
    pub fn wait(&self) -> Option<u64> {
        self.retry_after
    }

    /// What was wrong, as one word for programs.
    pub fn code(&self) -> &'static str {
        self.code
    }

    /// What was wrong, and what is accepted.
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let body = body(self.status, self.code, &self.message);
        if let Some(seconds) = self.retry_after {
            let after = [(header::RETRY_AFTER, seconds.to_string())];
            return (self.status, after, Json(body)).into_response();
        }
        (self.status, Json(body)).into_response()
    }
}

/// Gives errors that come from axum and its layers the same form as our own.
///
/// A wrong method, a body that is too large, a handler that panicked: each is answered somewhere below with
/// an empty or plain-text body. This is the one place that all of them pass.
pub async fn as_json(request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    let status = response.status();
    let is_error = status.is_client_error() || status.is_server_error();
    let json = HeaderValue::from_static("application/json");
    if !is_error || response.headers().get(header::CONTENT_TYPE) == Some(&json) {
        return response;
    }
    let (mut parts, _) = response.into_parts();
    let message = match status {
        // axum writes `Allow` only after this, so the sentence cannot repeat it.
        StatusCode::METHOD_NOT_ALLOWED => {
            "this path does not answer that method; the header Allow lists those that it answers"
                .to_owned()
        }
        StatusCode::PAYLOAD_TOO_LARGE => {
            format!("the body is too large; it may have up to {MAX_BODY} bytes")
        }
        StatusCode::SERVICE_UNAVAILABLE => {
            "this took too long, so it was given up; try again".to_owned()
        }
        StatusCode::INTERNAL_SERVER_ERROR => {
            "something went wrong in this replica; its log says what".to_owned()
        }
        other => other.canonical_reason().unwrap_or("error").to_lowercase(),
    };
    // lesson 7
    // A handler that took too long.
    if status == StatusCode::SERVICE_UNAVAILABLE {
        parts.headers.insert(header::RETRY_AFTER, SOON.into());
    }

    // The status and the other headers stay.
    parts.headers.remove(header::CONTENT_LENGTH);
    parts.headers.insert(header::CONTENT_TYPE, json);
    let body = body(status, error_code::of_status(status), &message);
    Response::from_parts(parts, Body::from(body.to_string()))
}

fn body(status: StatusCode, code: &str, message: &str) -> Value {
    json!({ "code": code, "error": message, "status": status.as_u16() })
}
