//! Sessions that have ended, told to all replicas.
//!
//! A socket is opened with a session, and stays open when the session is over: nobody asks for it again. So whoever ends a
//! session tells all replicas, and each closes the sockets that it has of it.

use redis::{AsyncCommands, aio::ConnectionManager};
use tokio::{
    sync::{Notify, broadcast},
    time::timeout,
};
use tracing::debug;

use crate::{names::ENDED, redis_client::ANSWER_WITHIN};

/// Ends that a reader may be behind before it misses some.
const BEHIND: usize = 1024;

/// The ends of sessions, as one replica tells and hears of them.
pub struct Ended {
    commands: ConnectionManager,
    heard: broadcast::Sender<String>,
    missed: Notify,
}

impl Ended {
    pub(crate) fn new(commands: ConnectionManager) -> Ended {
        Ended {
            commands,
            heard: broadcast::Sender::new(BEHIND),
            missed: Notify::new(),
        }
    }

    /// Tells all replicas, this one too, that a session is over.
    ///
    /// `session` says which, and must open nothing by itself: whoever reads along in Redis sees it. While Redis is away
    /// nobody is told, and nothing waits for its return. So replicas have to look by themselves now and then, too.
    pub async fn tell(&self, session: &str) {
        let mut commands = self.commands.clone();
        let told = timeout(ANSWER_WITHIN, commands.publish::<_, _, ()>(ENDED, session));
        if !matches!(told.await, Ok(Ok(()))) {
            debug!("no replica was told that a session is over");
        }
    }

    /// The sessions of whose ends this replica hears from now on. Whoever is too far behind misses some.
    #[must_use]
    pub fn subscribe(&self) -> broadcast::Receiver<String> {
        self.heard.subscribe()
    }

    /// Waits until this replica is subscribed anew: what was told before, it may have missed. For one task.
    pub async fn missed_some(&self) {
        self.missed.notified().await;
    }

    /// This replica is subscribed, and was not before.
    pub(crate) fn subscribed(&self) {
        self.missed.notify_one();
    }

    /// Takes in what came on the channel.
    pub(crate) fn hear(&self, session: &[u8]) {
        if let Ok(session) = std::str::from_utf8(session) {
            // Nobody may be listening, and then there is no socket to be closed.
            let _ = self.heard.send(session.to_owned());
        }
    }
}
