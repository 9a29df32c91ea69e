//! The Redises that requests wait for, as numbers: how long they take, how often they fail, and whether they answer.
//!
//! All that this process asks of them and waits for goes through [`waits::on`](crate::waits::on), so it is measured there.

use std::{sync::OnceLock, time::Duration};

use metrics::{Counters, Gauges, Label, Timings};

use crate::server::Server;

/// Bounds of the buckets, in seconds. A Redis in the same room takes less than a millisecond, and is given up after 0.7 s.
const BOUNDS: [f64; 12] = [
    0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.3, 0.7,
];

static STORES: OnceLock<Stores> = OnceLock::new();

struct Stores {
    seconds: Timings<Server>,
    failures: Counters<Server>,
    up: Gauges<Server>,
}

impl Label for Server {
    const NAME: &'static str = "store";
    const ALL: &'static [Server] = &[Server::Sessions, Server::Pubsub, Server::Matches];

    fn text(self) -> &'static str {
        match self {
            Server::Sessions => "sessions",
            Server::Pubsub => "pubsub",
            Server::Matches => "matches",
        }
    }

    fn index(self) -> usize {
        self as usize
    }
}

/// Has these measured from now on: those that this service asks. Of others it says nothing, and not that they are down.
pub fn measure(asked: &[Server]) {
    STORES.get_or_init(|| Stores {
        seconds: Timings::of(
            "redis_request_seconds",
            "Seconds for which a Redis was waited for.",
            asked,
            &BOUNDS,
        ),
        failures: Counters::of(
            "redis_failures",
            "Times that a Redis did not do what it was asked.",
            asked,
        ),
        up: Gauges::of(
            "redis_up",
            "Whether a Redis has answered when it was asked last.",
            asked,
        ),
    });
}

/// A Redis answers now, or does not.
pub fn is_up(server: Server, is_up: bool) {
    if let Some(stores) = STORES.get() {
        stores.up.set(server, is_up.into());
    }
}

/// A Redis was waited for, and has done what it was asked, or has not.
pub(crate) fn waited(server: Server, time: Duration, is_done: bool) {
    if let Some(stores) = STORES.get() {
        stores.seconds.observe(server, time.as_secs_f64());
        stores.up.set(server, is_done.into());
        if !is_done {
            stores.failures.count(server);
        }
    }
}
