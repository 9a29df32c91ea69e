//! How often somebody may do something, each by a key such as an address.

use std::{
    hash::Hash,
    num::NonZeroU32,
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

use governor::{
    DefaultKeyedRateLimiter, Quota, RateLimiter,
    clock::{Clock, DefaultClock},
};

/// Keys are forgotten that have been quiet for long enough to be at rest again. That is looked into once in so many
/// checks, so the memory is bounded by how many are busy at the same time.
const TIDY_EVERY: usize = 4096;

/// Lets each key do something a number of times a second, and more often at once. The count is this replica's own.
#[derive(Debug)]
pub struct Limit<Key: Hash + Eq + Clone> {
    limiter: DefaultKeyedRateLimiter<Key>,
    checks: AtomicUsize,
}

impl<Key: Hash + Eq + Clone> Limit<Key> {
    /// A limit of so many times a second for each key, and `burst` times at once.
    pub fn new(per_second: NonZeroU32, burst: NonZeroU32) -> Limit<Key> {
        Limit {
            limiter: RateLimiter::keyed(Quota::per_second(per_second).allow_burst(burst)),
            checks: AtomicUsize::new(0),
        }
    }

    /// Counts once more for a key.
    ///
    /// # Errors
    /// How long to wait, when it is once too often.
    pub fn check(&self, key: &Key) -> Result<(), Duration> {
        if self.checks.fetch_add(1, Ordering::Relaxed) % TIDY_EVERY == TIDY_EVERY - 1 {
            self.limiter.retain_recent();
        }
        let now = DefaultClock::default().now();
        self.limiter
            .check_key(key)
            .map_err(|until| until.wait_time_from(now))
    }
}

/// A rate for the command line: 1 to 1000000.
///
/// # Errors
/// A sentence that says what is accepted.
pub fn rate(text: &str) -> Result<NonZeroU32, String> {
    text.parse()
        .ok()
        .filter(|rate: &NonZeroU32| rate.get() <= 1_000_000)
        .ok_or_else(|| "it must be a number from 1 to 1000000".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_key_is_held_back_and_another_is_not() {
        let limit = Limit::new(rate("2").unwrap(), rate("4").unwrap());
        for _ in 0..4 {
            assert_eq!(limit.check(&"Ada"), Ok(()));
        }
        let wait = limit.check(&"Ada").unwrap_err();
        assert!(wait > Duration::ZERO && wait <= Duration::from_millis(500));
        assert_eq!(limit.check(&"Bob"), Ok(()));
    }

    #[test]
    fn a_rate_is_a_number_that_is_neither_nothing_nor_everything() {
        assert!(rate("1000000").is_ok());
        for bad in ["0", "1000001", "-1", "many"] {
            assert!(rate(bad).is_err(), "{bad}");
        }
    }
}
