//! Safe requests that need no Redis. None of them may fail, whatever is broken.

use std::{sync::Arc, time::Duration};

use bot::Target;
use stack::http_client;
use tokio::{
    sync::watch,
    task::JoinSet,
    time::{MissedTickBehavior, interval},
};

use crate::state::Shared;

/// What is asked for, in turn.
const PATHS: [&str; 2] = ["/", "/api/whoami"];

/// The time from one request of a poller to its next: with eight pollers 80 a second. That is enough to hit a gap of
/// some milliseconds, and leaves a machine with two cores room for the servers.
const PACE: Duration = Duration::from_millis(100);

/// How long an answer may take. What takes longer has failed.
const ANSWERED_WITHIN: Duration = Duration::from_secs(10);

/// Pollers that ask until they are to finish.
pub struct Pollers {
    tasks: JoinSet<()>,
    finish: watch::Sender<()>,
}

impl Pollers {
    /// Starts so many of them.
    ///
    /// # Errors
    /// When the system lets no HTTP client be made.
    pub fn start(count: usize, target: &Target, shared: &Arc<Shared>) -> anyhow::Result<Pollers> {
        let (finish, finished) = watch::channel(());
        let mut tasks = JoinSet::new();
        for _ in 0..count {
            // Each has a client of its own: one connection that is kept, as a browser keeps it.
            let client = http_client(ANSWERED_WITHIN)?;
            let (target, shared) = (target.clone(), Arc::clone(shared));
            tasks.spawn(poll(client, target, shared, finished.clone()));
        }
        Ok(Pollers { tasks, finish })
    }

    /// Lets every request in flight end.
    pub async fn finish(mut self) {
        let _ = self.finish.send(());
        while self.tasks.join_next().await.is_some() {}
    }
}

async fn poll(
    client: reqwest::Client,
    target: Target,
    shared: Arc<Shared>,
    mut finished: watch::Receiver<()>,
) {
    let mut ticks = interval(PACE);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    for path in PATHS.iter().cycle() {
        tokio::select! {
            _ = ticks.tick() => {}
            _ = finished.changed() => return,
        }
        match ask(&client, &target, path).await {
            Ok(()) => shared.state().answered += 1,
            Err(why) => shared.fail(&format!("GET {path}: {why}")),
        }
    }
}

/// Asks once, and reads the answer to its end: one that breaks off has failed, too.
async fn ask(client: &reqwest::Client, target: &Target, path: &str) -> Result<(), String> {
    let request = client.get(target.url(path)).header("host", &target.host);
    let in_words = |error: reqwest::Error| telemetry::one_line(&error.into());
    let answer = request.send().await.map_err(in_words)?;
    let status = answer.status();
    let body = answer.bytes().await.map_err(in_words)?;
    if status.is_success() {
        return Ok(());
    }
    let body = String::from_utf8_lossy(&body);
    Err(format!("{status} {}", body.trim()))
}
