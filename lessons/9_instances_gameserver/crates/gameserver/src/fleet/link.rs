//! What this server says to the directory.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use matches::{
    ClaimError, Directory, DirectoryError, HeldSeat, LEASE, MatchId, Renewed, Report, ServerId,
    tickets::Claims,
};
use tokio::{
    spawn,
    sync::{Mutex, Notify},
    task::JoinHandle,
    time::{Instant, sleep},
};
use tracing::{debug, warn};

use super::lease::Lease;
use crate::matches::registrar::{Outcome, Registrar};

/// How soon something is told again that the directory has not heard.
const AGAIN_AFTER: Duration = Duration::from_millis(250);

/// What this server says to the directory.
///
/// A report says *all* that there is. So whatever changes must not be told while an older report is on its way: Redis might get that one
/// later, and undo what it does not know of.
pub struct Link {
    /// This start of this server.
    pub server: ServerId,
    /// What the directory counts it as.
    pub lease: Lease,
    directory: Directory,
    /// Held while a report is on its way.
    reporting: Mutex<()>,
    /// There is something to report at once.
    news: Notify,
    /// Nothing is reported any more.
    is_over: AtomicBool,
}

impl Link {
    /// The directory has not heard of this server yet.
    #[must_use]
    pub fn new(server: ServerId, directory: Directory) -> Arc<Link> {
        Arc::new(Link {
            server,
            lease: Lease::default(),
            directory,
            reporting: Mutex::new(()),
            news: Notify::new(),
            is_over: AtomicBool::new(false),
        })
    }

    /// Takes the seat of a ticket. The seat must be noted as being claimed before.
    ///
    /// # Errors
    /// When the directory does not give it, or does not answer.
    pub async fn claim(&self, ticket: &Claims) -> Result<(), ClaimError> {
        self.no_report_is_on_its_way().await;
        self.directory.claim(&self.server, ticket).await
    }

    /// Says all that there is, which `report` looks up at the last moment, and gives what must be different. None when this server has
    /// taken its leave.
    ///
    /// # Errors
    /// When the directory does not answer.
    pub async fn renew(
        &self,
        report: impl FnOnce() -> Report,
    ) -> Option<Result<Renewed, DirectoryError>> {
        let _reporting = self.reporting.lock().await;
        if self.is_over.load(Ordering::Relaxed) {
            return None;
        }
        let report = report();
        let sent = Instant::now();
        let renewed = self.directory.renew(&report).await;
        if renewed.is_ok() {
            self.lease.renew(sent);
        }
        Some(renewed)
    }

    /// Waits until there is something to report at once.
    pub async fn news(&self) {
        self.news.notified().await;
    }

    /// Takes leave: whatever was here is nowhere any more, and players may get seats elsewhere at once.
    pub async fn withdraw(&self) {
        self.is_over.store(true, Ordering::Relaxed);
        self.no_report_is_on_its_way().await;
        if let Err(error) = self.directory.withdraw(&self.server).await {
            warn!(%error, "the directory was not told that this server ends; it will find out when the lease is over");
        }
    }

    async fn no_report_is_on_its_way(&self) {
        drop(self.reporting.lock().await);
    }

    async fn free(&self, seat: HeldSeat, is_out: bool) {
        self.no_report_is_on_its_way().await;
        if let Err(error) = self.directory.release(&self.server, &seat, is_out).await {
            // The next report says the same.
            debug!(%error, "the directory was not told of a free seat");
        }
    }

    async fn finish(&self, id: MatchId, result: String) {
        // After that the directory counts this server as lost, and nothing is where it was.
        let deadline = Instant::now() + LEASE;
        loop {
            self.no_report_is_on_its_way().await;
            match self.directory.finish(&self.server, &id, &result).await {
                Ok(()) => return,
                Err(error) if Instant::now() >= deadline => {
                    return warn!(%id, %error, "a result is not recorded");
                }
                Err(_) => sleep(AGAIN_AFTER).await,
            }
        }
    }
}

impl Registrar for Arc<Link> {
    fn freed(&self, seat: HeldSeat, is_out: bool) {
        if !self.is_over.load(Ordering::Relaxed) {
            let link = Arc::clone(self);
            spawn(async move { link.free(seat, is_out).await });
        }
    }

    fn changed(&self) {
        self.news.notify_one();
    }

    fn finished(&self, id: &MatchId, result: Outcome) -> JoinHandle<()> {
        let (link, id) = (Arc::clone(self), id.clone());
        // Numbers and words always become JSON.
        let result = serde_json::to_string(&result).unwrap_or_default();
        spawn(async move { link.finish(id, result).await })
    }
}
