//! A steady load, to see what a change of the system does to requests in flight.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use parking_lot::Mutex;
use tokio::{
    task::JoinSet,
    time::{Instant, MissedTickBehavior, interval},
};

use crate::{
    http_client::http_client,
    wait::until,
    way::{Way, named_in},
};

/// Connections that ask at the same time.
const WORKERS: usize = 8;

/// The time from one request of a worker to its next: about 800 requests a second in all. That is enough to
/// hit any gap of a few milliseconds, and leaves a machine with two cores room for the servers.
const PACE: Duration = Duration::from_millis(10);

/// Requests that go on until [`Load::finish`].
#[derive(Debug)]
pub struct Load {
    workers: JoinSet<()>,
    stop: Arc<AtomicBool>,
    tally: Arc<Mutex<Tally>>,
}

/// What became of the requests.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// Answers with a status of 2xx, by the replica that gave them.
    pub answered: BTreeMap<String, usize>,
    /// Requests without such an answer.
    pub failed: usize,
    /// The first few failures, in words.
    pub failures: Vec<String>,
    /// From the first failure to the last.
    pub failing_for: Duration,
    first_failure: Option<Instant>,
}

impl Tally {
    /// All answers.
    #[must_use]
    pub fn total(&self) -> usize {
        self.answered.values().sum()
    }

    fn fail(&mut self, why: String) {
        let now = Instant::now();
        self.failing_for = now - *self.first_failure.get_or_insert(now);
        self.failed += 1;
        if self.failures.len() < 5 {
            self.failures.push(why);
        }
    }
}

impl Load {
    /// Asks for `/api/whoami` of `host` at `address`, again and again, over eight connections.
    #[must_use]
    pub fn start(address: &str, host: &str) -> Load {
        let (host, path) = (host.to_owned(), "/api/whoami".to_owned());
        Load::on(address, &Way { host, path })
    }

    /// The same over another way.
    #[must_use]
    pub fn on(address: &str, way: &Way) -> Load {
        let (stop, tally) = (Arc::new(AtomicBool::new(false)), Arc::default());
        let mut workers = JoinSet::new();
        for _ in 0..WORKERS {
            workers.spawn(work(
                format!("http://{address}{}", way.path),
                way.host.clone(),
                Arc::clone(&stop),
                Arc::clone(&tally),
            ));
        }
        Load {
            workers,
            stop,
            tally,
        }
    }

    /// What became of the requests so far.
    #[must_use]
    pub fn tally(&self) -> Tally {
        self.tally.lock().clone()
    }

    /// Waits until `requests` more have been answered.
    ///
    /// # Errors
    /// When that takes longer than 30 seconds.
    pub async fn answered(&self, requests: usize) -> anyhow::Result<()> {
        let goal = self.tally().total() + requests;
        until(
            &format!("answering {requests} requests"),
            Duration::from_secs(30),
            async || {
                let tally = self.tally();
                if tally.total() >= goal {
                    Ok(())
                } else {
                    Err(format!("{tally:?}"))
                }
            },
        )
        .await
    }

    /// Lets every request in flight end, and gives the result.
    pub async fn finish(mut self) -> Tally {
        self.stop.store(true, Ordering::Relaxed);
        while self.workers.join_next().await.is_some() {}
        self.tally()
    }
}

async fn work(url: String, host: String, stop: Arc<AtomicBool>, tally: Arc<Mutex<Tally>>) {
    // A client of its own for each worker: one connection that is kept, as a browser keeps it.
    let client = http_client(Duration::from_secs(10));
    let mut ticks = interval(PACE);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    while !stop.load(Ordering::Relaxed) {
        ticks.tick().await;
        let outcome = match &client {
            Ok(client) => ask(client, &url, &host).await,
            Err(error) => Err(anyhow::anyhow!("no client: {error}")),
        };
        let mut tally = tally.lock();
        match outcome {
            Ok(replica) => *tally.answered.entry(replica).or_default() += 1,
            Err(error) => tally.fail(format!("{error:#}")),
        }
    }
}

async fn ask(client: &reqwest::Client, url: &str, host: &str) -> anyhow::Result<String> {
    let response = client
        .get(url)
        .header("host", host)
        .send()
        .await?
        .error_for_status()?;
    named_in(&response.json().await?)
}
