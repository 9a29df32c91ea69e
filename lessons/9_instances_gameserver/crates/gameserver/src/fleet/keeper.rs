//! Says twice a second what this server has, for as long as it runs.

use std::{sync::Arc, time::Duration};

use matches::Report;
use service::Replica;
use tokio::{
    select,
    time::{MissedTickBehavior, interval},
};
use tracing::{info, warn};

use super::link::Link;
use crate::matches::rooms::Rooms;

/// How often the lease is renewed. Five times may fail before it is lost.
const RENEW_EVERY: Duration = Duration::from_millis(500);

/// Says twice a second what this server has, and whenever there is news, and does what the directory says.
pub async fn keep(link: Arc<Link>, rooms: Arc<Rooms>, replica: Arc<Replica>) {
    let report = || Report {
        server: link.server.clone(),
        state: link.lease.state(replica.is_stopping()),
        capacity: rooms.config.capacity,
        seats: rooms.config.seats,
        matches: rooms.report(),
    };
    let mut renewals = interval(RENEW_EVERY);
    renewals.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut is_heard = true;
    loop {
        select! {
            _ = renewals.tick() => {}
            () = link.news() => {}
        }
        let Some(renewed) = link.renew(report).await else {
            return;
        };
        match renewed {
            Ok(renewed) => {
                if !is_heard {
                    info!("the directory answers again");
                }
                is_heard = true;
                for seat in renewed.evicted {
                    if let Some(room) = rooms.get(&seat.id) {
                        room.evict(seat.seat, seat.nonce);
                    }
                }
            }
            Err(error) => {
                if is_heard {
                    warn!(%error, "the directory does not hear of this server; soon nobody will be led here, until it does");
                }
                is_heard = false;
            }
        }
    }
}
