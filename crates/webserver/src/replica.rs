//! Who this replica is. Everything in this course that rotates, moves or fails is told apart by it.

use std::{
    fmt,
    str::FromStr,
    sync::atomic::{AtomicU64, Ordering},
};

use jiff::{Timestamp, Unit};

/// The name of the service that all replicas share.
pub const SERVICE: &str = "webserver";

/// A replica's name, unique among all replicas: 1 to 63 of `a-z`, `0-9` and `-`.
///
/// It becomes part of paths in Consul's API, so other characters are refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReplicaId(String);

impl Default for ReplicaId {
    /// The service's name and the host's name. Docker gives each container a host name of its own, so
    /// replicas need no other configuration to differ.
    fn default() -> ReplicaId {
        let host = host_name().to_ascii_lowercase();
        let safe = host.replace(|c: char| !c.is_ascii_alphanumeric(), "-");
        let id = format!("{SERVICE}-{safe}");
        ReplicaId(id.chars().take(63).collect())
    }
}

impl FromStr for ReplicaId {
    type Err = String;

    fn from_str(text: &str) -> Result<ReplicaId, String> {
        let valid = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        if (1..=63).contains(&text.len()) && text.bytes().all(valid) {
            Ok(ReplicaId(text.to_owned()))
        } else {
            Err("1 to 63 of a-z, 0-9 and \"-\" are accepted".to_owned())
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
    pub id: ReplicaId,
    pub host: String,
    pub started_at: Timestamp,
    served: AtomicU64,
}

impl Replica {
    pub fn new(id: ReplicaId) -> Replica {
        let now = Timestamp::now();
        Replica {
            id,
            host: host_name(),
            started_at: now.round(Unit::Millisecond).unwrap_or(now),
            served: AtomicU64::new(0),
        }
    }

    /// Requests served since the start, health checks left out.
    pub fn served(&self) -> u64 {
        self.served.load(Ordering::Relaxed)
    }

    pub fn count_request(&self) {
        self.served.fetch_add(1, Ordering::Relaxed);
    }
}

fn host_name() -> String {
    gethostname::gethostname().to_string_lossy().into_owned()
}
