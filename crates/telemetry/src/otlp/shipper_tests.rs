//! A store that does what the test says.

use opentelemetry::logs::{LogRecord, Logger, LoggerProvider};
use opentelemetry_sdk::{error::OTelSdkError, logs::SdkLoggerProvider};

use super::*;

/// What a store has taken, and how it is.
#[derive(Debug, Default)]
struct Store {
    taken: Vec<String>,
    refuses: bool,
}

#[derive(Clone, Debug)]
struct ToStore {
    store: Arc<Mutex<Store>>,
    /// Each batch has to get through here, so whoever holds it freezes the store.
    gate: Arc<Mutex<()>>,
}

impl ToStore {
    fn new() -> ToStore {
        ToStore {
            store: Arc::default(),
            gate: Arc::default(),
        }
    }
}

impl LogExporter for ToStore {
    async fn export(&self, batch: LogBatch<'_>) -> OTelSdkResult {
        drop(self.gate.lock());
        let mut store = self.store.lock();
        if store.refuses {
            return Err(OTelSdkError::InternalFailure("it is away".to_owned()));
        }
        let bodies = batch.iter().filter_map(|(record, _)| record.body());
        store.taken.extend(bodies.map(|body| format!("{body:?}")));
        Ok(())
    }
}

fn started(exporter: ToStore) -> (Arc<Shipper>, SdkLoggerProvider) {
    let shipper = Arc::new(Shipper::start(exporter).unwrap());
    let provider = SdkLoggerProvider::builder().with_log_processor(Shared(Arc::clone(&shipper)));
    (shipper, provider.build())
}

fn say(provider: &SdkLoggerProvider, count: usize) {
    let logger = provider.logger("test");
    for number in 0..count {
        let mut record = logger.create_log_record();
        record.set_body(number.to_string().into());
        logger.emit(record);
    }
}

#[test]
fn what_was_said_before_the_end_is_sent_at_the_end() {
    let exporter = ToStore::new();
    let (shipper, provider) = started(exporter.clone());
    say(&provider, 3 * MAX_BATCH);
    shipper.close(Duration::from_secs(10));
    assert_eq!(exporter.store.lock().taken.len(), 3 * MAX_BATCH);
    assert_eq!(shipper.lost(), 0);
    // It is over, and nobody is harmed.
    say(&provider, 1);
}

#[test]
fn a_store_that_comes_back_misses_nothing() {
    let exporter = ToStore::new();
    exporter.store.lock().refuses = true;
    let (shipper, provider) = started(exporter.clone());
    say(&provider, 10);
    thread::spawn({
        let store = Arc::clone(&exporter.store);
        move || store.lock().refuses = false
    });
    let deadline = Instant::now() + Duration::from_secs(20);
    while exporter.store.lock().taken.len() < 10 {
        assert!(Instant::now() < deadline, "nothing came");
        thread::yield_now();
    }
    shipper.close(Duration::from_secs(10));
    assert_eq!(shipper.lost(), 0);
}

#[test]
fn a_frozen_store_keeps_nobody_waiting_and_what_is_left_out_is_counted() {
    let exporter = ToStore::new();
    let frozen = exporter.gate.lock();
    let (shipper, provider) = started(exporter.clone());
    say(&provider, 2 * QUEUE);
    let lost = shipper.lost();
    // One batch may be in the hands of the thread.
    assert!(lost as usize >= QUEUE - MAX_BATCH, "{lost}");
    shipper.close(Duration::from_millis(100));
    drop(frozen);
    let _ = shipper.ended.lock().recv_timeout(Duration::from_secs(20));
    let taken = exporter.store.lock().taken.len() as u64;
    assert_eq!(taken + shipper.lost(), 2 * QUEUE as u64);
}

#[test]
fn a_store_that_is_away_delays_no_end() {
    let exporter = ToStore::new();
    exporter.store.lock().refuses = true;
    let (shipper, provider) = started(exporter);
    say(&provider, 1);
    shipper.close(Duration::from_secs(20));
    assert_eq!(shipper.lost(), 1);
}
