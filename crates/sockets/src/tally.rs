//! How many sockets have come and gone, and why they went.

use std::sync::atomic::{AtomicU64, Ordering};

use protocol::CloseReason;

/// How many sockets have come and gone, and why they went.
#[derive(Debug)]
pub struct Tally {
    opened: AtomicU64,
    /// Those that the server has not closed: the client has, or its connection is lost.
    gone: AtomicU64,
    /// Those that the server has closed, as [`CloseReason::ALL`] has the reasons.
    closed: Vec<AtomicU64>,
}

impl Default for Tally {
    fn default() -> Tally {
        Tally {
            opened: AtomicU64::new(0),
            gone: AtomicU64::new(0),
            closed: CloseReason::ALL.iter().map(|_| AtomicU64::new(0)).collect(),
        }
    }
}

impl Tally {
    /// One has come.
    pub fn opened(&self) {
        self.opened.fetch_add(1, Ordering::Relaxed);
    }

    /// One has gone. None if the server has not closed it.
    pub fn closed(&self, reason: Option<CloseReason>) {
        let count = reason.map_or(Some(&self.gone), |reason| self.of(reason));
        if let Some(count) = count {
            count.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// How many have come.
    #[must_use]
    pub fn all_opened(&self) -> u64 {
        self.opened.load(Ordering::Relaxed)
    }

    /// How many have gone for this reason. None stands for those that the server has not closed.
    #[must_use]
    pub fn all_closed(&self, reason: Option<CloseReason>) -> u64 {
        let count = reason.map_or(Some(&self.gone), |reason| self.of(reason));
        count.map_or(0, |count| count.load(Ordering::Relaxed))
    }

    /// How many are there.
    #[must_use]
    pub fn open(&self) -> u64 {
        let closed = self.closed.iter().chain([&self.gone]);
        let closed: u64 = closed.map(|count| count.load(Ordering::Relaxed)).sum();
        self.all_opened().saturating_sub(closed)
    }

    fn of(&self, reason: CloseReason) -> Option<&AtomicU64> {
        let at = CloseReason::ALL.iter().position(|known| *known == reason)?;
        self.closed.get(at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_came_and_has_not_gone_is_there() {
        let tally = Tally::default();
        for _ in 0..4 {
            tally.opened();
        }
        tally.closed(None);
        tally.closed(Some(CloseReason::TooSlow));
        tally.closed(Some(CloseReason::TooSlow));
        assert_eq!(tally.open(), 1);
        assert_eq!(tally.all_closed(None), 1);
        assert_eq!(tally.all_closed(Some(CloseReason::TooSlow)), 2);
        assert_eq!(tally.all_closed(Some(CloseReason::Restart)), 0);
    }
}
