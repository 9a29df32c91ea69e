//! How long a client waits before it comes back.

use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBackoff, ExponentialBuilder};

/// The first wait, and the longest, each with the jitter that comes on top of it: at most as much again.
const SHORTEST: Duration = Duration::from_millis(50);
const LONGEST: Duration = Duration::from_secs(1);

/// Waits that double each time, with jitter: a replica that ends has hundreds of clients, and they must not all come
/// at the same moment.
#[derive(Debug)]
pub struct Backoff {
    waits: ExponentialBackoff,
    seed: u64,
}

impl Backoff {
    /// From the shortest wait on. The same seed gives the same waits.
    #[must_use]
    pub fn new(seed: u64) -> Backoff {
        let waits = ExponentialBuilder::new()
            .with_min_delay(SHORTEST / 2)
            .with_max_delay(LONGEST / 2)
            .without_max_times()
            .with_jitter()
            .with_jitter_seed(seed);
        Backoff {
            waits: waits.build(),
            seed,
        }
    }

    /// Begins again with the shortest wait. To be called when a connection has proved good.
    pub fn reset(&mut self) {
        // Other waits than before, or two clients that met once would meet again.
        *self = Backoff::new(self.seed.wrapping_add(1));
    }

    /// The next wait: between half of what it is now and all of it; 25 ms to a second.
    pub fn wait(&mut self) -> Duration {
        // There is always a next one, because nothing limits how many there are.
        self.waits.next().unwrap_or(LONGEST)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_a_second_and_are_bounded() {
        let mut backoff = Backoff::new(1);
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
