//! When a session ends by a request to this replica, a logout or a new login, its sockets end everywhere.
//!
//! Here they are closed at once. The others are told by way of the Redis that passes messages on.

use std::sync::Arc;

use axum::{
    Router,
    extract::{Request, State},
    http::Method,
    middleware::{self, Next},
    response::Response,
};
use tower_sessions::Session;

use crate::{app::App, session::key::SessionKey};

/// Has the sockets of a session closed when it ends by one of these routes, whatever they do to it.
pub fn tells(routes: Router<Arc<App>>, app: &Arc<App>) -> Router<Arc<App>> {
    routes.layer(middleware::from_fn_with_state(Arc::clone(app), tell))
}

async fn tell(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let changes = request.method() == Method::POST;
    let session = request.extensions().get::<Session>().cloned();
    let before = session.as_ref().and_then(Session::id);
    let response = next.run(request).await;
    // A logout leaves none, and a login begins another.
    let after = session.as_ref().and_then(Session::id);
    let ended = before.filter(|_| changes && response.status().is_success() && before != after);
    if let Some(ended) = ended.map(SessionKey::of) {
        // Here at once, even while nobody else can be told.
        app.chat.openings.by_session.end(ended);
        let messages = app.chat.messages.clone();
        tokio::spawn(async move { messages.ended().tell(&ended.to_string()).await });
    }
    response
}
