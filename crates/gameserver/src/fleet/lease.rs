//! What this server is to the directory at the moment.

use matches::{LEASE, ServerState};
use parking_lot::Mutex;
use tokio::time::Instant;

/// What this server is to the directory at the moment.
///
/// Both sides count by their own clocks, and this one begins when a report is *sent*. So it is never sure of a lease that the directory
/// counts as lost.
#[derive(Debug, Default)]
pub struct Lease(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    /// It has been reached through Traefik.
    is_reached: bool,
    /// When the last report was sent that has been answered.
    renewed: Option<Instant>,
}

impl Lease {
    /// This server can be reached.
    pub fn reached(&self) {
        self.0.lock().is_reached = true;
    }

    /// Whether it can.
    #[must_use]
    pub fn is_reached(&self) -> bool {
        self.0.lock().is_reached
    }

    /// The directory has heard what was sent at `sent`.
    pub fn renew(&self, sent: Instant) {
        self.0.lock().renewed = Some(sent);
    }

    /// Whether the directory counts this server as alive, as far as this server can know.
    #[must_use]
    pub fn is_live(&self) -> bool {
        let renewed = self.0.lock().renewed;
        renewed.is_some_and(|renewed| renewed.elapsed() < LEASE)
    }

    /// What is reported.
    #[must_use]
    pub fn state(&self, is_stopping: bool) -> ServerState {
        match (is_stopping, self.is_reached()) {
            (true, _) => ServerState::Draining,
            (false, true) => ServerState::Ready,
            (false, false) => ServerState::Starting,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::advance;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_lease_runs_from_the_moment_when_it_was_asked_for() {
        let lease = Lease::default();
        assert!(!lease.is_live(), "before the directory has heard of it");
        let sent = Instant::now();
        advance(Duration::from_secs(1)).await;
        lease.renew(sent);
        advance(Duration::from_millis(1_999)).await;
        assert!(lease.is_live());
        advance(Duration::from_millis(1)).await;
        assert!(!lease.is_live());
    }

    #[test]
    fn whoever_stops_drains_and_whoever_was_not_reached_is_not_ready() {
        let lease = Lease::default();
        assert_eq!(lease.state(false), ServerState::Starting);
        assert_eq!(lease.state(true), ServerState::Draining);
        lease.reached();
        assert_eq!(lease.state(false), ServerState::Ready);
        assert_eq!(lease.state(true), ServerState::Draining);
    }
}
