//! A request's JSON body, or an error that says what was wrong with it.

use axum::{
    Json,
    extract::{FromRequest, rejection::JsonRejection},
};

use crate::error::ApiError;

/// Like axum's own [`Json`], but whoever sends something else is told so in a service's form of error.
///
/// It also insists on `content-type: application/json`. A form on a foreign page cannot send that, so no such
/// form can act in a player's name.
#[derive(Debug, FromRequest)]
#[from_request(via(Json), rejection(ApiError))]
pub struct Body<T>(pub T);

impl From<JsonRejection> for ApiError {
    fn from(rejection: JsonRejection) -> ApiError {
        // axum's text says which field is wrong and where, and holds nothing of ours.
        ApiError::new(rejection.status(), rejection.body_text())
    }
}

#[cfg(test)]
mod tests;
