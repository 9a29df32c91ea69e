//! All sockets of this replica together: how many there may be, and their common end.

use std::sync::Arc;

use clap::Args;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::{
    sync::CancellationToken,
    task::{TaskTracker, task_tracker::TaskTrackerToken},
};
use tracing::warn;

/// How many sockets there may be.
#[derive(Args, Clone, Debug)]
pub struct SocketsConfig {
    /// Sockets that this replica holds at the most: 1 to 1000000
    #[arg(
        long,
        env = "MAX_SOCKETS",
        global = true,
        default_value = "20000",
        value_parser = clap::value_parser!(u32).range(1..=1_000_000),
        value_name = "SOCKETS"
    )]
    pub max_sockets: u32,
}

/// The sockets of this replica.
#[derive(Debug)]
pub struct Sockets {
    places: Arc<Semaphore>,
    open: TaskTracker,
    closing: CancellationToken,
}

/// One socket's place among them, given back when it is dropped.
#[derive(Debug)]
pub struct Place {
    _permit: OwnedSemaphorePermit,
    _open: TaskTrackerToken,
    /// Ends when all sockets have to.
    pub closing: CancellationToken,
}

impl Sockets {
    /// Room for as many sockets as configured, as far as the operating system allows.
    pub fn new(config: &SocketsConfig) -> Sockets {
        // Each socket is a file to the system, and the usual limit of 1024 files is from another time. The hard limit
        // is what an administrator really wants; up to there a process may go by itself.
        match rlimit::increase_nofile_limit(u64::MAX) {
            Ok(files) if files < u64::from(config.max_sockets) => {
                warn!(
                    files,
                    sockets = config.max_sockets,
                    "the system lets this process open fewer files than MAX_SOCKETS; raise its hard limit (ulimit -Hn)"
                );
            }
            Ok(_) => {}
            Err(error) => warn!(%error, "the limit of open files cannot be raised"),
        }
        let places = usize::try_from(config.max_sockets).unwrap_or(usize::MAX);
        Sockets {
            places: Arc::new(Semaphore::new(places)),
            open: TaskTracker::new(),
            closing: CancellationToken::new(),
        }
    }

    /// A place for one more socket, if there is one.
    pub fn enter(&self) -> Option<Place> {
        let permit = Arc::clone(&self.places).try_acquire_owned().ok()?;
        Some(Place {
            _permit: permit,
            _open: self.open.token(),
            closing: self.closing.clone(),
        })
    }

    /// Has every socket closed, and waits until they are.
    ///
    /// axum's graceful shutdown does not wait for them: once a connection has become a socket, it is no request any
    /// more.
    pub async fn close(&self) {
        self.closing.cancel();
        self.open.close();
        self.open.wait().await;
    }
}
