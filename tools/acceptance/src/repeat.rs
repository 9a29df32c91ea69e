//! Something that players do again and again while the system around them changes.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use anyhow::{Context, bail};
use parking_lot::Mutex;
use stack::until;
use tokio::{
    task::JoinHandle,
    time::{MissedTickBehavior, interval},
};

/// An act that is repeated, and what came of it each time.
pub struct Repeat<T> {
    stop: Arc<AtomicBool>,
    results: Arc<Mutex<Vec<T>>>,
    task: JoinHandle<anyhow::Result<()>>,
}

impl<T: Send + 'static> Repeat<T> {
    /// Does it, then waits for the rest of `pause`, and so on. It is given its number, and the first error ends it.
    pub fn start<F>(pause: Duration, act: impl Fn(usize) -> F + Send + 'static) -> Repeat<T>
    where
        F: Future<Output = anyhow::Result<T>> + Send,
    {
        let stop = Arc::new(AtomicBool::new(false));
        let results: Arc<Mutex<Vec<T>>> = Arc::default();
        let (ended, kept) = (Arc::clone(&stop), Arc::clone(&results));
        let task = tokio::spawn(async move {
            let mut ticks = interval(pause);
            ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
            let mut number = 0;
            while !ended.load(Ordering::Relaxed) {
                ticks.tick().await;
                let result = act(number).await?;
                kept.lock().push(result);
                number += 1;
            }
            Ok(())
        });
        Repeat {
            stop,
            results,
            task,
        }
    }

    /// Waits until `count` more of the results fit.
    ///
    /// # Errors
    /// When that takes more than 30 seconds, or it has ended with an error meanwhile.
    pub async fn gives(&mut self, count: usize, fits: impl Fn(&T) -> bool) -> anyhow::Result<()> {
        let begin = self.count(&fits);
        until(
            "a result that was waited for",
            Duration::from_secs(30),
            async || {
                let got = self.count(&fits) - begin;
                if got >= count || self.task.is_finished() {
                    Ok(())
                } else {
                    Err(format!("{got} of {count}"))
                }
            },
        )
        .await?;
        if self.task.is_finished() {
            (&mut self.task).await.context("it panicked")??;
            bail!("it has ended before");
        }
        Ok(())
    }

    /// Ends it, and gives all that came of it.
    ///
    /// # Errors
    /// What the act gave, if it failed.
    pub async fn finish(self) -> anyhow::Result<Vec<T>> {
        self.stop.store(true, Ordering::Relaxed);
        self.task.await.context("it panicked")??;
        let mut results = self.results.lock();
        Ok(std::mem::take(&mut *results))
    }

    fn count(&self, fits: impl Fn(&T) -> bool) -> usize {
        let results = self.results.lock();
        results.iter().filter(|result| fits(result)).count()
    }
}
