//! How a replica learns that a session is over whose sockets it holds: it is told, or finds out by itself.
//!
//! What it could not be told, because the Redis that passes messages on was away, or because nobody did anything and a
//! session's time was over, it finds out: it looks each session up again and again.

use std::{sync::Arc, time::Duration};

use clap::Args;
use messages::Messages;
use tokio::{sync::broadcast::error::RecvError, time::sleep};
use tower_sessions::SessionStore;
use tracing::{debug, warn};

use crate::{
    chat::{by_session::BySession, openings::Openings},
    session::store::Sessions,
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

/// Closes the sockets of sessions that end, by whatever way this replica learns of it.
pub fn watch(
    sessions: &Sessions,
    messages: &Messages,
    openings: &Openings,
    config: &SessionCheckConfig,
) {
    let by_session = &openings.by_session;
    tokio::spawn(hear(messages.clone(), Arc::clone(by_session)));
    let every = Duration::from_secs(config.session_check_seconds.into());
    // The sessions as they stand in Redis, each under its key.
    let stored = sessions.store.0.clone();
    tokio::spawn(look(
        stored,
        messages.clone(),
        Arc::clone(by_session),
        every,
    ));
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

/// Looks each session up that has a socket here, again and again, and all of them at once when some ends may have been missed.
async fn look(
    stored: impl SessionStore,
    messages: Messages,
    by_session: Arc<BySession>,
    every: Duration,
) {
    loop {
        tokio::select! {
            () = look_once(&stored, &by_session, every) => {}
            () = messages.ended().missed_some() => {
                look_once(&stored, &by_session, Duration::ZERO).await;
            }
        }
    }
}

/// Looks each up once, evenly over the time. That a page is open counts as use, so no session ends for want of use while its
/// page is open.
async fn look_once(stored: &impl SessionStore, by_session: &BySession, over: Duration) {
    let sessions = by_session.sessions();
    let turn = u32::try_from(sessions.len()).unwrap_or(u32::MAX).max(1);
    if sessions.is_empty() {
        sleep(over).await;
    }
    for session in sessions {
        sleep(over / turn).await;
        // While the store is away nobody knows, and the socket stays.
        if let Ok(None) = stored.load(&session.as_id()).await {
            by_session.end(session);
        }
    }
}
