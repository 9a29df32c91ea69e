//! How long a client waits before it comes back.

use std::time::Duration;

use rand::{RngExt, rngs::StdRng};

/// The first wait, and the longest.
const SHORTEST: Duration = Duration::from_millis(50);
const LONGEST: Duration = Duration::from_secs(1);

/// Waits that double each time, with jitter: a replica that ends has hundreds of clients, and they must not all come
/// at the same moment.
pub struct Backoff {
    next: Duration,
    random: StdRng,
}

impl Backoff {
    /// From the shortest wait on.
    #[must_use]
    pub fn new(random: StdRng) -> Backoff {
        Backoff {
            next: SHORTEST,
            random,
        }
    }

    /// Begins again with the shortest wait. To be called when a connection has proved good.
    pub fn reset(&mut self) {
        self.next = SHORTEST;
    }

    /// The next wait: between half of what it is now and all of it.
    pub fn wait(&mut self) -> Duration {
        let now = self.next;
        self.next = (now * 2).min(LONGEST);
        now.mul_f64(self.random.random_range(0.5..=1.0))
    }
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;

    use super::*;

    #[test]
    fn waits_double_up_to_a_second_and_are_bounded() {
        let mut backoff = Backoff::new(StdRng::seed_from_u64(1));
        let mut full = 50;
        for _ in 0..10 {
            let wait = backoff.wait();
            let longest = Duration::from_millis(full);
            assert!(
                wait >= longest / 2 && wait <= longest,
                "{wait:?} of {full} ms"
            );
            full = (full * 2).min(1_000);
        }
        backoff.reset();
        assert!(backoff.wait() <= SHORTEST);
    }
}
