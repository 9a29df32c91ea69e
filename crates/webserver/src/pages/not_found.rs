//! The answer for a path that no feature serves.

use axum::http::{Method, StatusCode, Uri};
use service::ApiError;

/// Says what was asked for, and where there is something.
pub async fn not_found(method: Method, uri: Uri) -> ApiError {
    let message = format!(
        "nothing answers {method} {}; try / or /api/whoami",
        uri.path()
    );
    ApiError::new(StatusCode::NOT_FOUND, message)
}
