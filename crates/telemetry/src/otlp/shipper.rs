//! Sends records to the store, from a thread of its own.
//!
//! The library has a processor that does it, too. It throws a batch away that the store did not take, and says only at the
//! end of the process how many records it had no room for. Here a batch is tried again, so that a store which is restarted
//! misses nothing, and whatever is left out is counted and told.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
        mpsc::{self, Receiver, RecvTimeoutError, SyncSender, TrySendError},
    },
    thread,
    time::{Duration, Instant},
};

use anyhow::Context;
use futures_executor::block_on;
use opentelemetry::InstrumentationScope;
use opentelemetry_sdk::{
    error::OTelSdkResult,
    logs::{LogBatch, LogExporter, LogProcessor, SdkLogRecord},
};
use parking_lot::Mutex;
use tracing::{info, warn};

use super::OWN;

/// How many records wait at most, which is what OpenTelemetry's own batch processor keeps (`OTEL_BLRP_MAX_QUEUE_SIZE`): some megabytes, or the
/// answers of a second or two under load.
const QUEUE: usize = 2048;

/// How many records are sent at once.
const MAX_BATCH: usize = 512;

/// How long the first record of a batch waits for more. What is looked for in the store is there that much later.
const GATHER: Duration = Duration::from_millis(200);

/// The first and the longest wait between two tries of the same batch.
const RETRIES: (Duration, Duration) = (Duration::from_millis(250), Duration::from_secs(2));

/// How long a batch is tried. A store that is restarted is back by then; one that refuses a batch for what is in it would
/// refuse it for ever, and no other would come behind it.
const KEEP_TRYING: Duration = Duration::from_secs(60);

type Record = (SdkLogRecord, InstrumentationScope);

/// A bounded queue, and the thread that empties it into a store.
#[derive(Debug)]
pub struct Shipper {
    /// Taken at the end, which is how the thread learns of it.
    queue: Mutex<Option<SyncSender<Record>>>,
    closing: Mutex<Option<SyncSender<()>>>,
    ended: Mutex<Receiver<()>>,
    lost: Arc<AtomicU64>,
}

/// The shipper as the library has it, while whoever closes it has it, too.
#[derive(Debug)]
pub(super) struct Shared(pub Arc<Shipper>);

impl Shipper {
    /// Starts the thread.
    ///
    /// # Errors
    /// When the system has none to give.
    pub fn start(exporter: impl LogExporter + 'static) -> anyhow::Result<Shipper> {
        let (queue, records) = mpsc::sync_channel(QUEUE);
        let (closing, is_closing) = mpsc::sync_channel(0);
        let (end, ended) = mpsc::sync_channel(1);
        let lost = Arc::new(AtomicU64::new(0));
        let mut sending = Sending {
            exporter,
            closing: is_closing,
            lost: Arc::clone(&lost),
            away: None,
        };
        let name = "telemetry".to_owned();
        let thread = thread::Builder::new().name(name).spawn(move || {
            sending.run(&records);
            let _ = end.send(());
        });
        thread.context("cannot start the thread that sends records")?;
        Ok(Shipper {
            queue: Mutex::new(Some(queue)),
            closing: Mutex::new(Some(closing)),
            ended: Mutex::new(ended),
            lost,
        })
    }

    /// How many records were left out so far, because the queue was full or the store did not take them.
    #[must_use]
    pub fn lost(&self) -> u64 {
        self.lost.load(Ordering::Relaxed)
    }

    /// Takes no more records, and sends those that wait: until all are sent, one try has failed, or this time is over.
    pub fn close(&self, within: Duration) {
        drop(self.queue.lock().take());
        drop(self.closing.lock().take());
        let in_time = self.ended.lock().recv_timeout(within).is_ok();
        let lost = self.lost();
        if lost > 0 || !in_time {
            warn!(target: OWN, lost, in_time, "not all records went to the store; standard output has them all");
        }
    }

    fn put(&self, record: Record) {
        let queue = self.queue.lock();
        let Some(queue) = queue.as_ref() else {
            return;
        };
        if let Err(TrySendError::Full(_)) = queue.try_send(record) {
            self.lost.fetch_add(1, Ordering::Relaxed);
        }
    }
}

impl LogProcessor for Shared {
    fn emit(&self, record: &mut SdkLogRecord, scope: &InstrumentationScope) {
        self.0.put((record.clone(), scope.clone()));
    }

    fn force_flush(&self) -> OTelSdkResult {
        Ok(())
    }

    fn shutdown_with_timeout(&self, _: Duration) -> OTelSdkResult {
        // Whoever has started the shipper closes it.
        Ok(())
    }
}

/// The thread's side.
struct Sending<Exporter> {
    exporter: Exporter,
    /// Nothing ever comes. It is closed when the process ends.
    closing: Receiver<()>,
    lost: Arc<AtomicU64>,
    /// How many records were lost when the store went away, if it is.
    away: Option<u64>,
}

impl<Exporter: LogExporter> Sending<Exporter> {
    fn run(&mut self, records: &Receiver<Record>) {
        while let Ok(first) = records.recv() {
            let mut batch = vec![first];
            let due = Instant::now() + GATHER;
            while batch.len() < MAX_BATCH {
                let left = due.saturating_duration_since(Instant::now());
                let Ok(record) = records.recv_timeout(left) else {
                    break;
                };
                batch.push(record);
            }
            self.send(&batch);
        }
    }

    /// Sends a batch, however often it takes.
    fn send(&mut self, batch: &[Record]) {
        let records: Vec<_> = batch
            .iter()
            .map(|(record, scope)| (record, scope))
            .collect();
        let begun = Instant::now();
        let (mut wait, longest) = RETRIES;
        while let Err(error) = block_on(self.exporter.export(LogBatch::new(&records))) {
            if self.away.is_none() {
                self.away = Some(self.lost.load(Ordering::Relaxed));
                warn!(target: OWN, %error, "the store of the logs is away; some records wait for it, and it will be tried again");
            }
            let is_closing = self.closing.recv_timeout(wait) == Err(RecvTimeoutError::Disconnected);
            if is_closing || begun.elapsed() > KEEP_TRYING {
                self.lost.fetch_add(batch.len() as u64, Ordering::Relaxed);
                return;
            }
            wait = (2 * wait).min(longest);
        }
        if let Some(before) = self.away.take() {
            let lost = self.lost.load(Ordering::Relaxed) - before;
            info!(target: OWN, lost, "the store of the logs takes records again");
        }
    }
}

#[cfg(test)]
#[path = "shipper_tests.rs"]
mod tests;
