//! What the directory said last of the game servers.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use matches::{Directory, ServerView};
use tokio::sync::Mutex;

/// The directory is asked once in this time at most, however many look.
const FRESH_FOR: Duration = Duration::from_secs(1);

/// All game servers, as the directory knew them a moment ago.
pub struct KnownFleet(Mutex<Option<Asked>>);

/// What it said, and when. That it did not answer is remembered, too: else each of those who look would wait for it, one after another.
struct Asked {
    at: Instant,
    servers: Option<Arc<[ServerView]>>,
}

impl KnownFleet {
    /// Nothing was asked yet.
    pub fn new() -> KnownFleet {
        KnownFleet(Mutex::new(None))
    }

    /// All game servers; none if the directory does not answer.
    pub async fn servers(&self, directory: &Directory) -> Option<Arc<[ServerView]>> {
        // Whoever comes while it is asked waits here, and gets the same answer.
        let mut asked = self.0.lock().await;
        if let Some(known) = asked
            .as_ref()
            .filter(|asked| asked.at.elapsed() < FRESH_FOR)
        {
            return known.servers.clone();
        }
        let servers = directory.fleet().await.ok().map(Arc::from);
        let at = Instant::now();
        asked.insert(Asked { at, servers }).servers.clone()
    }
}
