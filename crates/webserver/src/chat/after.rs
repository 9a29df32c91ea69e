//! Where to go on: the query of whoever asks what was said.

use axum::{
    extract::{FromRequestParts, Query},
    http::request::Parts,
};
use protocol::Id;
use serde::Deserialize;
use service::ApiError;

/// Where to go on: the id of the last message that the asking client has.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct After {
    /// None if the client has no message yet.
    pub after: Option<Id>,
}

impl<S: Send + Sync> FromRequestParts<S> for After {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<After, ApiError> {
        let query = Query::from_request_parts(parts, state).await;
        let Query(after) = query.map_err(|rejection| {
            ApiError::unprocessable(format!(
                "{}; it must be after=ID with the id of a message, or be left out",
                rejection.body_text()
            ))
        })?;
        Ok(after)
    }
}
