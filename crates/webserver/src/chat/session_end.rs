//! When a session ends, its sockets do: by a logout, a new login, or because its time is over.
//!
//! A logout at one replica is told to all of them, by way of the Redis that passes messages on. What a replica could not be
//! told, because that Redis was away, or because nobody did anything and a session's time was over, it finds out by
//! itself: it looks each session up again and again.

use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    extract::{Request, State},
    http::Method,
    middleware::{self, Next},
    response::Response,
};
use clap::Args;
use messages::Messages;
use tokio::{sync::broadcast::error::RecvError, time::sleep};
use tower_sessions::{Session, SessionStore};
use tracing::{debug, warn};

use crate::{
    app::App,
    chat::{by_session::BySession, state::Chat},
    session::{key::SessionKey, store::Sessions},
};

/// How often sessions are looked up.
#[derive(Args, Clone, Debug)]
pub struct SessionCheckConfig {
    /// Seconds until the session of an open socket is looked up again: 1 to 3600
    #[arg(
        long,
        env = "SESSION_CHECK_SECONDS",
        global = true,
        default_value = "20",
        value_parser = clap::value_parser!(u32).range(1..=3600),
        value_name = "SECONDS"
    )]
    pub session_check_seconds: u32,
}

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

/// Closes the sockets of sessions that end, by whatever way this replica learns of it.
pub fn watch(sessions: &Sessions, chat: &Chat, config: &SessionCheckConfig) {
    let by_session = &chat.openings.by_session;
    tokio::spawn(hear(chat.messages.clone(), Arc::clone(by_session)));
    let every = Duration::from_secs(config.session_check_seconds.into());
    // The sessions as they stand in Redis, each under its key.
    let stored = sessions.store.0.clone();
    tokio::spawn(look(stored, Arc::clone(by_session), every));
}

/// Hears of the ends of sessions from all replicas.
async fn hear(messages: Messages, by_session: Arc<BySession>) {
    let mut ended = messages.ended().subscribe();
    loop {
        match ended.recv().await {
            Ok(session) => match session.parse() {
                Ok(session) => by_session.end(session),
                Err(error) => warn!(%error, "something on the channel is no session"),
            },
            // They will be looked up.
            Err(RecvError::Lagged(missed)) => debug!(missed, "ends of sessions were missed"),
            Err(RecvError::Closed) => return,
        }
    }
}

/// Looks each session up that has a socket here, again and again, and evenly over the time. That a page is open counts as
/// use, so no session ends for want of use while its page is open.
async fn look(stored: impl SessionStore, by_session: Arc<BySession>, every: Duration) {
    loop {
        let sessions = by_session.sessions();
        let turn = u32::try_from(sessions.len()).unwrap_or(u32::MAX).max(1);
        if sessions.is_empty() {
            sleep(every).await;
        }
        for session in sessions {
            sleep(every / turn).await;
            // While the store is away nobody knows, and the socket stays.
            if let Ok(None) = stored.load(&session.as_id()).await {
                by_session.end(session);
            }
        }
    }
}
