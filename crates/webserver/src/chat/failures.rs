//! What a client is told when a message cannot be passed on or looked up.

use axum::http::StatusCode;
use messages::{Away, NotSent};
use service::ApiError;

/// A message was not said, or nobody knows whether it was.
pub fn not_sent(error: NotSent) -> ApiError {
    let status = match error {
        NotSent::KeyUsed => StatusCode::UNPROCESSABLE_ENTITY,
        _ => StatusCode::SERVICE_UNAVAILABLE,
    };
    ApiError::new(status, error.to_string())
}

/// What was said cannot be looked up.
pub fn away(_: Away) -> ApiError {
    let told =
        "the history does not answer, so what was said cannot be told now; try again in a moment";
    ApiError::new(StatusCode::SERVICE_UNAVAILABLE, told)
}
