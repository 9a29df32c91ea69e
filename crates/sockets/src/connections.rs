//! All sockets of a server together: how many there may be, and their common end.

use std::sync::Arc;

use clap::Args;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::{
    sync::CancellationToken,
    task::{TaskTracker, task_tracker::TaskTrackerToken},
};
use tracing::warn;

use crate::frame_budget::{FrameBudget, FrameBudgetConfig};

/// How many sockets there may be, and how much each of them may send.
#[derive(Args, Clone, Debug)]
pub struct ConnectionsConfig {
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

    /// How much each of them may send.
    #[command(flatten)]
    pub frames: FrameBudgetConfig,
}

/// The sockets of this server.
#[derive(Debug)]
pub struct Connections {
    permits: Arc<Semaphore>,
    frames: FrameBudgetConfig,
    open: TaskTracker,
    closing: CancellationToken,
}

/// The permission for one socket, given back when it is dropped. Whoever has it is waited for when all are closed.
#[derive(Debug)]
pub struct Permit {
    _permit: OwnedSemaphorePermit,
    _open: TaskTrackerToken,
    closing: CancellationToken,
    /// What its client may send.
    pub(crate) frames: FrameBudget,
}

impl Connections {
    /// Room for as many sockets as configured, as far as the operating system allows.
    #[must_use]
    pub fn new(config: &ConnectionsConfig) -> Connections {
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
        let permits = usize::try_from(config.max_sockets).unwrap_or(usize::MAX);
        Connections {
            permits: Arc::new(Semaphore::new(permits)),
            frames: config.frames,
            open: TaskTracker::new(),
            closing: CancellationToken::new(),
        }
    }

    /// The permission for one more socket; none if there are as many as there may be.
    #[must_use]
    pub fn try_acquire(&self) -> Option<Permit> {
        let permit = Arc::clone(&self.permits).try_acquire_owned().ok()?;
        Some(Permit {
            _permit: permit,
            _open: self.open.token(),
            closing: self.closing.clone(),
            frames: FrameBudget::new(self.frames),
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

impl Permit {
    /// Ends when all sockets have to close.
    pub async fn closing(&self) {
        self.closing.cancelled().await;
    }

    /// Whether all sockets have to close.
    #[must_use]
    pub fn is_closing(&self) -> bool {
        self.closing.is_cancelled()
    }
}
