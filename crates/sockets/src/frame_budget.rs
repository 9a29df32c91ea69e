//! How many frames a client may send.

use std::num::NonZeroU32;

use clap::Args;
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use protocol::CloseReason;

/// So many times what a client may send in a second it may send at once.
const BURST: NonZeroU32 = NonZeroU32::MIN.saturating_add(4);

/// How many frames a client may send.
#[derive(Args, Clone, Copy, Debug)]
pub struct FrameBudgetConfig {
    /// Frames that a client may send in a second, and five times as many at once: 1 to 1000000
    #[arg(
        long,
        env = "FRAME_RATE",
        global = true,
        default_value = "20",
        value_parser = clap::value_parser!(u32).range(1..=1_000_000),
        value_name = "FRAMES"
    )]
    pub frame_rate: u32,
}

/// What a client has left of the frames that it may send.
///
/// Whatever comes counts: what is refused, what makes no sense, and pings, too. A limit of what a player may *say* is no bound
/// here, since each of these is work for the server before anybody knows what it is.
#[derive(Debug)]
pub struct FrameBudget(DefaultDirectRateLimiter);

impl FrameBudget {
    /// All of it.
    pub fn new(config: FrameBudgetConfig) -> FrameBudget {
        let rate = NonZeroU32::new(config.frame_rate).unwrap_or(NonZeroU32::MIN);
        let quota = Quota::per_second(rate).allow_burst(rate.saturating_mul(BURST));
        FrameBudget(RateLimiter::direct(quota))
    }

    /// Takes one frame.
    ///
    /// # Errors
    /// When it is one too many.
    pub fn take(&self) -> Result<(), CloseReason> {
        let taken = self.0.check();
        taken.map_err(|_| CloseReason::TooManyFrames)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_seconds_worth_may_come_at_once() {
        let budget = FrameBudget::new(FrameBudgetConfig { frame_rate: 2 });
        for _ in 0..10 {
            assert_eq!(budget.take(), Ok(()));
        }
        assert_eq!(budget.take(), Err(CloseReason::TooManyFrames));
    }
}
