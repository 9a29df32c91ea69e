//! Keeps a client from hammering servers that let it in and send it away again.

use std::time::Duration;

use tokio::time::Instant;

/// The pause after the second time in a row. Each time more doubles it, up to the longest.
const FIRST: Duration = Duration::from_millis(250);
const LONGEST: Duration = Duration::from_secs(6);

/// Whoever was welcome for so long was not sent away.
const STAYED: Duration = Duration::from_secs(4);

/// How often in a row servers have sent a client away.
#[derive(Debug, Default)]
pub struct Restraint {
    times: u32,
    welcome_at: Option<Instant>,
}

impl Restraint {
    /// How long to wait at least before the next try. The first one costs nothing: mostly it is a server that ends.
    #[must_use]
    pub fn pause(&self) -> Duration {
        match self.times {
            0 | 1 => Duration::ZERO,
            times => FIRST.saturating_mul(1 << (times - 2).min(16)).min(LONGEST),
        }
    }

    /// A server has let the client in.
    pub fn welcomed(&mut self) {
        self.welcome_at = Some(Instant::now());
    }

    /// A server has closed a connection.
    pub fn sent_away(&mut self) {
        let welcome_at = self.welcome_at.take();
        let has_stayed = welcome_at.is_some_and(|at| at.elapsed() >= STAYED);
        self.times = if has_stayed { 1 } else { self.times + 1 };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn who_is_let_in_and_sent_away_comes_fifteen_times_a_minute_at_most() {
        for is_welcome in [false, true] {
            let mut restraint = Restraint::default();
            let begin = Instant::now();
            let mut tries = 0;
            while begin.elapsed() < Duration::from_secs(60) {
                tries += 1;
                if is_welcome {
                    restraint.welcomed();
                }
                restraint.sent_away();
                tokio::time::advance(restraint.pause()).await;
            }
            assert!((10..=15).contains(&tries), "{tries} tries in a minute");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn who_was_there_for_a_while_comes_back_at_once() {
        let mut restraint = Restraint::default();
        for _ in 0..10 {
            restraint.sent_away();
        }
        assert_eq!(restraint.pause(), LONGEST);
        restraint.welcomed();
        tokio::time::advance(STAYED).await;
        restraint.sent_away();
        assert_eq!(restraint.pause(), Duration::ZERO);
    }
}
