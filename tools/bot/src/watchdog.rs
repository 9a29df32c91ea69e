//! Finds out that a socket is dead which never says so: its replica is frozen, or its network gone.

use std::time::Duration;

use tokio::time::{Instant, Interval, interval_at, sleep_until};

/// How often a client asks for a sign of life.
const PING_EVERY: Duration = Duration::from_secs(2);

/// A socket on which nothing at all is heard for so long is dead.
pub const SILENT_FOR: Duration = Duration::from_secs(5);

/// What is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alarm {
    /// To ask for a sign of life.
    Ping,
    /// To give the socket up.
    Silent,
}

/// Watches one socket.
#[derive(Debug)]
pub struct Watchdog {
    pings: Interval,
    silent_at: Instant,
}

impl Watchdog {
    /// From now on. `phase`, 0 to 1, says when within its interval the first ping is due, so that many clients do not
    /// ask at the same moment.
    #[must_use]
    pub fn new(phase: f64) -> Watchdog {
        let now = Instant::now();
        Watchdog {
            pings: interval_at(now + PING_EVERY.mul_f64(phase), PING_EVERY),
            silent_at: now + SILENT_FOR,
        }
    }

    /// Something was heard, or could not have been.
    pub fn heard(&mut self) {
        self.silent_at = Instant::now() + SILENT_FOR;
    }

    /// Waits until something is to be done. It may be dropped and called again.
    pub async fn alarm(&mut self) -> Alarm {
        tokio::select! {
            () = sleep_until(self.silent_at) => Alarm::Silent,
            _ = self.pings.tick() => Alarm::Ping,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn it_asks_for_a_sign_of_life_and_then_gives_up() {
        let mut watchdog = Watchdog::new(0.5);
        let begun = Instant::now();
        for seconds in [1, 3] {
            assert_eq!(watchdog.alarm().await, Alarm::Ping);
            assert_eq!(begun.elapsed(), Duration::from_secs(seconds));
        }
        watchdog.heard();
        let mut alarms = Vec::new();
        while alarms.last() != Some(&Alarm::Silent) {
            alarms.push(watchdog.alarm().await);
        }
        assert_eq!(begun.elapsed(), Duration::from_secs(8));
    }
}
