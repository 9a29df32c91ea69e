//! Whether another login may be done now: how often they come from one address, and whether there is room for a session.
//!
//! Anybody may log in, so nobody can be held to what an account allows. What a login takes is room in Redis, for ten minutes
//! at least.

use std::{sync::Arc, time::Duration};

use axum::{
    extract::FromRequestParts,
    http::{StatusCode, request::Parts},
};
use service::ApiError;

use crate::{
    app::App,
    session::{address::ClientAddress, layer::store_is_away, store::Room},
};

/// A login that may be done. For a handler that takes one, every other request is refused, before anything is changed: who
/// is logged in already stays so.
#[derive(Debug)]
pub struct MayLogIn;

impl FromRequestParts<Arc<App>> for MayLogIn {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<MayLogIn, ApiError> {
        let Ok(address) = ClientAddress::from_request_parts(parts, app).await;
        let sessions = &app.sessions;
        sessions.logins.check(&address).map_err(too_many)?;
        match sessions.room().await {
            Room::Enough => Ok(MayLogIn),
            Room::Full => Err(store_is_full()),
            Room::Unknown => Err(store_is_away()),
        }
    }
}

fn too_many(wait: Duration) -> ApiError {
    ApiError::new(
        StatusCode::TOO_MANY_REQUESTS,
        "too many logins came from your address; wait a little",
    )
    .with_code("too_many_logins")
    .retry_after(wait)
}

fn store_is_full() -> ApiError {
    ApiError::new(
        StatusCode::SERVICE_UNAVAILABLE,
        "the session store is full, so nobody new can log in now; try again later",
    )
    .with_code("sessions_full")
    .retry_after(Duration::from_secs(10))
}
