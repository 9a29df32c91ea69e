//! What this server says to the directory.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use matches::{
    Checkpoint, ClaimError, Directory, DirectoryError, Finished, HandedOver, HeldSeat, LEASE,
    MatchId, Renewed, Report, ServerId, TakenOver, tickets::Claims,
};
use tokio::{
    spawn,
    sync::{Mutex, Notify},
    task::JoinHandle,
    time::{Instant, sleep},
};
use tracing::{debug, error, warn};

use super::lease::Lease;
use crate::matches::registrar::{Outcome, Registrar};

/// How soon something is told again that the directory has not heard.
const AGAIN_AFTER: Duration = Duration::from_millis(250);

/// Where matches stand.
pub type Checkpoints = Vec<(MatchId, Checkpoint)>;

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

    /// Says all that there is, which `tell` looks up at the last moment, and has `obey` do what must be different. None when this server has
    /// taken its leave.
    ///
    /// # Errors
    /// When the directory does not answer.
    pub async fn renew(
        &self,
        tell: impl FnOnce() -> (Report, Checkpoints),
        obey: impl FnOnce(&Renewed, &Checkpoints),
    ) -> Option<Result<(), DirectoryError>> {
        let _reporting = self.reporting.lock().await;
        if self.is_over() {
            return None;
        }
        let (report, checkpoints) = tell();
        let sent = Instant::now();
        let renewed = self.directory.renew(&report, &checkpoints).await;
        if let Ok(renewed) = &renewed {
            // The lease runs again only when nothing is here any more that is another server's.
            obey(renewed, &checkpoints);
            self.lease.renew(sent);
        }
        Some(renewed.map(drop))
    }

    /// Asks for up to `room` matches of servers that are lost, and for those that were handed over to this one, and has `adopt` go on with each.
    /// What can't be gone on with is ended in the directory. Where that is not `needed` any more when it is its turn, nothing is asked.
    ///
    /// # Errors
    /// When the directory does not answer.
    pub async fn take_over<E: fmt::Display>(
        &self,
        version: u32,
        needed: impl FnOnce() -> bool,
        room: impl FnOnce() -> u32,
        adopt: impl Fn(&TakenOver) -> Result<(), E>,
    ) -> Result<(), DirectoryError> {
        // A report that does not know of these yet would say that nobody is in them.
        let _reporting = self.reporting.lock().await;
        if self.is_over() || !needed() {
            return Ok(());
        }
        let server = &self.server;
        let taken = self.directory.take_over(server, version, room()).await?;
        for one in &taken {
            let Err(why) = adopt(one).map_err(|error| error.to_string()) else {
                continue;
            };
            let (id, epoch) = (&one.id, one.epoch);
            error!(%id, epoch, why, "a match cannot go on, because its checkpoint is none");
            // Where this is not heard the match is given once more.
            self.directory.give_up(server, id, epoch, &why).await?;
        }
        if !taken.is_empty() {
            self.news.notify_one();
        }
        Ok(())
    }

    /// Gives a match to another server, exactly as it stands. None if the directory has not answered for as long as the lease could run.
    pub async fn hand_over(
        &self,
        id: &MatchId,
        epoch: u32,
        checkpoint: &Checkpoint,
    ) -> Option<HandedOver> {
        let deadline = Instant::now() + LEASE;
        while self.lease.is_live() && Instant::now() < deadline {
            self.no_report_is_on_its_way().await;
            let server = &self.server;
            match self
                .directory
                .hand_over(server, id, epoch, checkpoint)
                .await
            {
                Ok(handed_over) => return Some(handed_over),
                Err(error) => debug!(%id, %error, "a match is not handed over yet"),
            }
            sleep(AGAIN_AFTER).await;
        }
        None
    }

    /// Waits until there is something to report at once.
    pub async fn news(&self) {
        self.news.notified().await;
    }

    /// Says nothing more. The lease runs out, and whatever is here is others' then.
    pub fn fall_silent(&self) {
        self.is_over.store(true, Ordering::Relaxed);
    }

    /// Takes leave, unless nothing is said any more: whatever was here is nowhere any more, and players may get seats elsewhere at once.
    pub async fn withdraw(&self) {
        if self.is_over.swap(true, Ordering::Relaxed) {
            return;
        }
        self.no_report_is_on_its_way().await;
        if let Err(error) = self.directory.withdraw(&self.server).await {
            warn!(%error, "the directory was not told that this server ends; it will find out when the lease is over");
        }
    }

    fn is_over(&self) -> bool {
        self.is_over.load(Ordering::Relaxed)
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

    /// However long it takes: until the directory has answered, nobody knows whether the match is this server's to end.
    async fn finish(&self, id: MatchId, epoch: u32, result: String) -> Finished {
        loop {
            self.no_report_is_on_its_way().await;
            let server = &self.server;
            match self.directory.finish(server, &id, epoch, &result).await {
                Ok(finished) => return finished,
                Err(error) if self.is_over() => {
                    warn!(%id, %error, "a result is not recorded");
                    return Finished::Fenced;
                }
                Err(_) => sleep(AGAIN_AFTER).await,
            }
        }
    }
}

impl Registrar for Arc<Link> {
    fn freed(&self, seat: HeldSeat, is_out: bool) {
        if !self.is_over() {
            let link = Arc::clone(self);
            spawn(async move { link.free(seat, is_out).await });
        }
    }

    fn changed(&self) {
        self.news.notify_one();
    }

    fn is_live(&self) -> bool {
        self.lease.is_live()
    }

    fn finished(&self, id: &MatchId, epoch: u32, result: Outcome) -> JoinHandle<Finished> {
        let (link, id) = (Arc::clone(self), id.clone());
        // Numbers and words always become JSON.
        let result = serde_json::to_string(&result).unwrap_or_default();
        spawn(async move { link.finish(id, epoch, result).await })
    }
}
