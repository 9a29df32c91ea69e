//! Who this replica is. Everything in this course that rotates, moves or fails is told apart by it.

use std::{
    fmt,
    str::FromStr,
    sync::atomic::{AtomicBool, AtomicU64, Ordering},
};

use axum::http::HeaderValue;
use jiff::{Timestamp, Unit};

/// A replica's name, unique among all replicas: 1 to 63 of `a-z`, `0-9` and `-`.
///
/// It becomes part of paths in Consul's API, so other characters are refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReplicaId(String);

impl ReplicaId {
    /// The service's name and the host's name. Docker gives each container a host name of its own, so
    /// replicas need no other configuration to differ.
    pub fn of_this_host(service: &str) -> ReplicaId {
        let host = host_name().to_ascii_lowercase();
        let safe = host.replace(|c: char| !c.is_ascii_alphanumeric(), "-");
        let id = format!("{service}-{safe}");
        ReplicaId(id.chars().take(63).collect())
    }

    // lesson 3
    /// The name as a header's value.
    pub fn to_header(&self) -> HeaderValue {
        // All characters of an id may stand in a header.
        HeaderValue::try_from(&self.0).unwrap_or(HeaderValue::from_static("unknown"))
    }
}

impl FromStr for ReplicaId {
    type Err = String;

    fn from_str(text: &str) -> Result<ReplicaId, String> {
        let valid = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        if (1..=63).contains(&text.len()) && text.bytes().all(valid) {
            Ok(ReplicaId(text.to_owned()))
        } else {
            Err("it must be 1 to 63 of the characters a-z, 0-9 and \"-\"".to_owned())
        }
    }
}

impl fmt::Display for ReplicaId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// This replica: what is fixed at its start, and the number of requests it has served.
#[derive(Debug)]
pub struct Replica {
    /// The name of the service that all replicas share.
    pub service: &'static str,
    /// The replica's own name.
    pub id: ReplicaId,
    /// The machine or the container it runs on.
    pub host: String,
    /// When it started, to the millisecond.
    pub started_at: Timestamp,
    served: AtomicU64,
    stopping: AtomicBool,
}

impl Replica {
    /// A replica that starts now.
    pub fn new(service: &'static str, id: ReplicaId) -> Replica {
        let now = Timestamp::now();
        Replica {
            service,
            id,
            host: host_name(),
            started_at: now.round(Unit::Millisecond).unwrap_or(now),
            served: AtomicU64::new(0),
            stopping: AtomicBool::new(false),
        }
    }

    /// Whether this replica was told to stop.
    pub fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::Relaxed)
    }

    /// Notes that it was.
    pub fn stop(&self) {
        self.stopping.store(true, Ordering::Relaxed);
    }

    /// Requests served since the start, health checks left out.
    pub fn served(&self) -> u64 {
        self.served.load(Ordering::Relaxed)
    }

    /// Counts one more.
    pub fn count_request(&self) {
        self.served.fetch_add(1, Ordering::Relaxed);
    }
}

fn host_name() -> String {
    gethostname::gethostname().to_string_lossy().into_owned()
}
