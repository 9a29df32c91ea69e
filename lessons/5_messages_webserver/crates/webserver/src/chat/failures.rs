//! What a client is told when a message cannot be passed on.

use axum::http::StatusCode;
use messages::NotSent;
use service::ApiError;

/// A message was not said.
pub fn not_sent(error: NotSent) -> ApiError {
    ApiError::new(StatusCode::SERVICE_UNAVAILABLE, error.to_string())
}
