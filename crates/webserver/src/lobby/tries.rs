//! A number of tries that each key has in a minute, of which some can be given back.

use std::{
    collections::HashMap,
    hash::Hash,
    time::{Duration, Instant},
};

use parking_lot::Mutex;

/// How long it takes until all tries are there again.
const MINUTE: Duration = Duration::from_secs(60);

/// Keys are looked through for those that are at rest when there are so many, and then at each doubling.
const TIDY_AT: usize = 1024;

/// Lets each key try something a number of times at once, and as often in each minute after that. The count is this
/// replica's own.
///
/// A [`Limit`] cannot give back what it has counted. Here a try is taken before it is known how it ends, so that many at the same
/// moment are not more than there are, and given back if it should not count.
///
/// [`Limit`]: crate::limit::Limit
#[derive(Debug)]
pub struct Tries<Key> {
    per_minute: f64,
    keys: Mutex<Keys<Key>>,
}

#[derive(Debug)]
struct Keys<Key> {
    spent: HashMap<Key, Spent>,
    tidy_at: usize,
}

/// How many tries were taken and have not come back, as of a moment.
#[derive(Clone, Copy, Debug)]
struct Spent {
    tries: f64,
    at: Instant,
}

impl<Key: Hash + Eq + Clone> Tries<Key> {
    /// So many tries a minute for each key.
    pub fn new(per_minute: u32) -> Tries<Key> {
        Tries {
            per_minute: per_minute.into(),
            keys: Mutex::new(Keys {
                spent: HashMap::new(),
                tidy_at: TIDY_AT,
            }),
        }
    }

    /// Takes one try.
    ///
    /// # Errors
    /// How long to wait, when there is none.
    pub fn take(&self, key: &Key) -> Result<(), Duration> {
        self.take_at(key, Instant::now())
    }

    /// Gives one try back.
    pub fn give_back(&self, key: &Key) {
        if let Some(spent) = self.keys.lock().spent.get_mut(key) {
            spent.tries = (spent.tries - 1.0).max(0.0);
        }
    }

    /// Whether a key has all its tries.
    pub fn has_all(&self, key: &Key) -> bool {
        let keys = self.keys.lock();
        let spent = keys.spent.get(key);
        spent.is_none_or(|spent| self.left_of(*spent, Instant::now()) <= 0.0)
    }

    fn take_at(&self, key: &Key, now: Instant) -> Result<(), Duration> {
        let mut keys = self.keys.lock();
        if keys.spent.len() >= keys.tidy_at {
            keys.spent
                .retain(|_, spent| self.left_of(*spent, now) > 0.0);
            keys.tidy_at = TIDY_AT.max(2 * keys.spent.len());
        }
        let nothing = Spent {
            tries: 0.0,
            at: now,
        };
        let spent = keys.spent.entry(key.clone()).or_insert(nothing);
        *spent = Spent {
            tries: self.left_of(*spent, now),
            at: now,
        };
        let missing = spent.tries + 1.0 - self.per_minute;
        if missing > 0.0 {
            return Err(MINUTE.mul_f64(missing / self.per_minute));
        }
        spent.tries += 1.0;
        Ok(())
    }

    /// What is left of what was spent, after the time that has passed.
    fn left_of(&self, spent: Spent, now: Instant) -> f64 {
        let passed = now.duration_since(spent.at).as_secs_f64() / MINUTE.as_secs_f64();
        (spent.tries - passed * self.per_minute).max(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_has_its_tries_and_gets_them_back_within_a_minute() {
        let tries = Tries::new(10);
        let start = Instant::now();
        for _ in 0..10 {
            assert_eq!(tries.take_at(&"Ada", start), Ok(()));
        }
        let wait = tries.take_at(&"Ada", start).unwrap_err();
        assert!(
            wait > Duration::from_secs(5) && wait <= Duration::from_secs(6),
            "{wait:?}"
        );
        assert_eq!(tries.take_at(&"Bob", start), Ok(()));
        assert_eq!(
            tries.take_at(&"Ada", start + Duration::from_millis(6100)),
            Ok(())
        );
        assert!(
            tries
                .take_at(&"Ada", start + Duration::from_millis(6200))
                .is_err()
        );
    }

    #[test]
    fn what_is_given_back_is_not_counted() {
        let tries = Tries::new(2);
        for _ in 0..100 {
            assert_eq!(tries.take(&"Ada"), Ok(()));
            tries.give_back(&"Ada");
        }
        assert!(tries.has_all(&"Ada"));
        assert_eq!(tries.take(&"Ada"), Ok(()));
        assert!(!tries.has_all(&"Ada") && tries.has_all(&"Bob"));
    }

    #[test]
    fn keys_that_are_at_rest_are_forgotten() {
        let tries = Tries::new(10);
        let start = Instant::now();
        for key in 0..TIDY_AT {
            tries.take_at(&key, start).unwrap();
        }
        tries.take_at(&TIDY_AT, start + MINUTE).unwrap();
        assert_eq!(tries.keys.lock().spent.len(), 1);
    }
}
