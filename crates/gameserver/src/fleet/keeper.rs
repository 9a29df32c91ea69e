//! Says twice a second what this server has, for as long as it runs.

use std::{sync::Arc, time::Duration};

use matches::{DirectoryError, Renewed, Report};
use service::Replica;
use tokio::{
    select,
    time::{Instant, MissedTickBehavior, interval, sleep_until},
};
use tracing::{info, warn};

use super::{
    link::{Checkpoints, Link},
    takeover::take_over,
};
use crate::matches::{checkpoint::VERSION, rooms::Rooms};

/// How often the lease is renewed. Five times may fail before it is lost.
const RENEW_EVERY: Duration = Duration::from_millis(500);

/// How soon it is said again where the directory has not heard it: a match whose server dies now begins again where the last report left it.
const AGAIN_AFTER: Duration = Duration::from_millis(100);

/// What is news within so short a time is told together: hundreds of players may come at once.
const NEWS_EVERY: Duration = Duration::from_millis(50);

/// Says twice a second what this server has and how it stands, and whenever there is news, and does what the directory says.
pub async fn keep(link: Arc<Link>, rooms: Arc<Rooms>, replica: Arc<Replica>) {
    let mut renewals = interval(RENEW_EVERY);
    renewals.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut is_heard = true;
    let mut told_at = Instant::now();
    loop {
        select! {
            _ = renewals.tick() => {}
            () = link.news() => sleep_until(told_at + NEWS_EVERY).await,
        }
        told_at = Instant::now();
        let Some(renewed) = renew(&link, &rooms, &replica).await else {
            return;
        };
        let renewed = match renewed {
            Ok(()) => take_over(&link, &rooms, &replica).await,
            Err(error) => Err(error),
        };
        match renewed {
            Ok(()) => {
                if !is_heard {
                    info!("the directory answers again");
                }
                is_heard = true;
            }
            Err(error) => {
                if is_heard {
                    warn!(%error, "the directory does not hear of this server; soon nobody will be led here, and no match will go on, until it does");
                }
                is_heard = false;
                renewals.reset_after(AGAIN_AFTER);
            }
        }
    }
}

/// Says what there is, and does what must be different.
async fn renew(
    link: &Link,
    rooms: &Rooms,
    replica: &Replica,
) -> Option<Result<(), DirectoryError>> {
    let tell = || {
        let report = Report {
            server: link.server.clone(),
            state: link.lease.state(replica.is_stopping()),
            capacity: rooms.config.capacity,
            seats: rooms.config.seats,
            version: VERSION,
            matches: rooms.report(),
        };
        (report, rooms.checkpoints())
    };
    let obey = |renewed: &Renewed, told: &Checkpoints| {
        rooms.keep(told);
        for seat in &renewed.evicted {
            if let Some(room) = rooms.get(&seat.id) {
                room.evict(seat.seat, seat.nonce);
            }
        }
        for id in &renewed.fenced {
            rooms.fence(id);
        }
    };
    let was_live = link.lease.is_live();
    let renewed = link.renew(tell, obey).await?;
    if renewed.is_ok() && !was_live {
        // What has stood still goes on.
        rooms.wake();
    }
    Some(renewed)
}
