//! Whether this replica may publish.

use std::time::{Duration, Instant};

use parking_lot::Mutex;

/// How long after Redis' return nothing is published yet.
///
/// Redis does not know who should be listening. A message that is published before the other replicas are back would
/// be accepted and never reach their players. All of them wait a quarter of a second at most between two tries, and a try
/// that meets silence takes less than a second. Two seconds leave room for one that was slow.
const SETTLING: Duration = Duration::from_secs(2);

/// Whether this replica is subscribed, and may publish.
#[derive(Debug, Default)]
pub(crate) struct Link(Mutex<State>);

#[derive(Clone, Copy, Debug, Default)]
enum State {
    /// Never connected so far.
    #[default]
    New,
    /// Not subscribed since a try failed or a connection was lost.
    Away,
    /// Subscribed. Until then others may still be on their way back.
    SettlingUntil(Instant),
    /// Subscribed, and so is everyone else.
    Open,
}

impl Link {
    /// The subscription stands.
    pub fn subscribed(&self) {
        self.change(|state| match state {
            // Nothing was lost, so nobody has to come back.
            State::New => State::Open,
            _ => State::SettlingUntil(Instant::now() + SETTLING),
        });
    }

    /// The subscription is lost, or a try to get it failed.
    pub fn lost(&self) {
        self.change(|_| State::Away);
    }

    /// Whether a message that is published now reaches all replicas, as far as this one can know.
    pub fn is_open(&self) -> bool {
        self.is_open_at(Instant::now())
    }

    fn is_open_at(&self, now: Instant) -> bool {
        match self.state() {
            State::New | State::Away => false,
            State::SettlingUntil(then) => now >= then,
            State::Open => true,
        }
    }

    fn state(&self) -> State {
        *self.0.lock()
    }

    fn change(&self, next: impl FnOnce(State) -> State) {
        let mut state = self.0.lock();
        *state = next(*state);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_a_loss_it_opens_only_when_the_others_had_time_to_come_back() {
        let link = Link::default();
        assert!(!link.is_open());
        link.subscribed();
        assert!(link.is_open());
        link.lost();
        assert!(!link.is_open());
        link.subscribed();
        let now = Instant::now();
        assert!(!link.is_open_at(now));
        assert!(link.is_open_at(now + SETTLING));
    }
}
