//! Sessions: what the server remembers of one browser, found by an id in a cookie.
//!
//! The cookie holds a random id and nothing else. What belongs to it stays in the store, so a browser can neither
//! read nor change it.

use axum::{
    Router,
    http::{StatusCode, header},
    middleware,
    response::{IntoResponse, Response},
};
use service::{ApiError, same_origin};
use tower_sessions::{
    Expiry, SessionManagerLayer, SessionStore, cookie::SameSite, cookie::time::Duration, session,
};

use crate::session::{cookie::CookieConfig, store::Sessions};

/// How long after the login a session ends in any case. A stolen cookie is worth something for that long at the most.
const LIFETIME: Duration = Duration::days(30);

/// The routes for which it matters who asks, inside what recognises a player and refuses a foreign page.
pub fn around<S: Clone + Send + Sync + 'static>(
    routes: Router<S>,
    sessions: &Sessions,
) -> Router<S> {
    routes
        .layer(manager(sessions.store.clone(), &sessions.cookie))
        .layer(middleware::map_response(told_when_unsaved))
        .layer(middleware::from_fn(same_origin))
}

/// Gives each handler the session of its request, and saves what the handler changed in it.
///
/// The store is asked only by a handler that looks into the session, so pages and files never wait for it.
fn manager<Store: SessionStore>(store: Store, cookie: &CookieConfig) -> SessionManagerLayer<Store> {
    SessionManagerLayer::new(store)
        .with_name(cookie.full_name())
        // No script can read it, not even our own.
        .with_http_only(true)
        // Not sent along when another site posts here. `Strict` would also leave it out when a player follows a
        // link to us, who would then look logged out.
        .with_same_site(SameSite::Lax)
        .with_secure(cookie.cookie_secure)
        .with_expiry(Expiry::OnInactivity(LIFETIME))
}

/// Gives the session layer's own failure the form of our errors.
///
/// The layer saves after the handler has answered. When that fails it throws the answer away and gives an empty 500;
/// our own errors are never empty.
async fn told_when_unsaved(response: Response) -> Response {
    let is_empty = !response.headers().contains_key(header::CONTENT_TYPE);
    if response.status() == StatusCode::INTERNAL_SERVER_ERROR && is_empty {
        return store_is_away().into_response();
    }
    response
}

/// What a client is told when the store did not answer.
pub fn unreadable(_: session::Error) -> ApiError {
    store_is_away()
}

/// What a client is told when the store is away.
pub fn store_is_away() -> ApiError {
    ApiError::new(
        StatusCode::SERVICE_UNAVAILABLE,
        "the session store does not answer, so it is not known who you are; try again in a moment",
    )
    .with_code("sessions_unavailable")
}
