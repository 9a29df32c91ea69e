//! Whether another socket may be opened now. To open one costs far more than to be refused: a welcome, who is here, and
//! what was missed.

use std::{sync::Arc, time::Duration};

use axum::{
    extract::FromRequestParts,
    http::{StatusCode, request::Parts},
};
use service::ApiError;
use tower_sessions::Session;

use crate::{
    app::App,
    chat::by_session::Place,
    session::{address::ClientAddress, key::SessionKey, player::nobody},
};

/// The place of a socket that may be opened. A handler takes it before it looks who asks: see [`BySession::enter`].
///
/// [`BySession::enter`]: crate::chat::by_session::BySession::enter
#[derive(Debug)]
pub struct MayOpen(pub Place);

impl FromRequestParts<Arc<App>> for MayOpen {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<MayOpen, ApiError> {
        let openings = &app.chat.openings;
        let Ok(address) = ClientAddress::from_request_parts(parts, app).await;
        openings.by_address.check(&address).map_err(too_often)?;
        // What the cookie says. Whether there is such a session is looked up later.
        let id = parts.extensions.get::<Session>().and_then(Session::id);
        let session = id.map(SessionKey::of).ok_or_else(nobody)?;
        openings.of_session.check(&session).map_err(too_often)?;
        let place = openings.by_session.enter(session);
        place.map(MayOpen).ok_or_else(too_many)
    }
}

fn too_often(wait: Duration) -> ApiError {
    refused("sockets are opened too often from here; wait a little").retry_after(wait)
}

fn too_many() -> ApiError {
    refused("this session has as many sockets as it may have; close another window")
        .retry_after(Duration::from_secs(5))
}

fn refused(sentence: &str) -> ApiError {
    ApiError::new(StatusCode::TOO_MANY_REQUESTS, sentence).with_code("too_many_sockets")
}
