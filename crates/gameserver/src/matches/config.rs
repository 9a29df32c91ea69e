//! How matches are configured.

use std::time::Duration;

use clap::Args;

/// How matches are played.
#[derive(Args, Clone, Debug)]
pub struct MatchesConfig {
    /// Ticks in a second: 1 to 60. The rules reckon with 20, so with more of them everything is quicker
    #[arg(
        long,
        env = "TICK_RATE",
        global = true,
        default_value = "20",
        value_parser = clap::value_parser!(u32).range(1..=60),
        value_name = "TICKS"
    )]
    pub tick_rate: u32,

    /// Goats in a match: 2 to 8
    #[arg(
        long,
        env = "SEATS",
        global = true,
        default_value = "8",
        value_parser = clap::value_parser!(u8).range(2..=8),
        value_name = "SEATS"
    )]
    pub seats: u8,

    /// Matches that this server has room for at the same time: 1 to 200
    #[arg(
        long,
        env = "CAPACITY",
        global = true,
        default_value = "50",
        value_parser = clap::value_parser!(u32).range(1..=200),
        value_name = "MATCHES"
    )]
    pub capacity: u32,

    /// Seed of the first match; each next one has one more. The same seed and the same players make the same match [default: a random one]
    #[arg(long, env = "SEED", global = true, value_name = "NUMBER")]
    pub seed: Option<u32>,

    /// Seconds in which more players may come before a match begins: 0 to 60
    #[arg(
        long,
        env = "GATHER",
        global = true,
        default_value = "10",
        value_parser = seconds,
        value_name = "SECONDS"
    )]
    pub gather: Duration,

    /// Seconds for which a player may be away before a bot takes over: 1 to 60
    #[arg(
        long,
        env = "GRACE",
        global = true,
        default_value = "20",
        value_parser = grace,
        value_name = "SECONDS"
    )]
    pub grace: Duration,

    /// Lets the first match panic at this tick. For tests of what happens then
    #[arg(
        long,
        env = "PANIC_AT_TICK",
        global = true,
        hide = true,
        value_name = "TICK"
    )]
    pub panic_at_tick: Option<u32>,
}

impl MatchesConfig {
    /// The time from one tick to the next.
    #[must_use]
    pub fn period(&self) -> Duration {
        Duration::from_secs(1) / self.tick_rate.max(1)
    }
}

/// Parses seconds, with fractions, from 0 to 60.
fn seconds(text: &str) -> Result<Duration, String> {
    seconds_from(0, text)
}

/// The same from 1 on.
fn grace(text: &str) -> Result<Duration, String> {
    seconds_from(1, text)
}

fn seconds_from(least: u32, text: &str) -> Result<Duration, String> {
    text.parse()
        .ok()
        .filter(|seconds| (f64::from(least)..=60.0).contains(seconds))
        .map(Duration::from_secs_f64)
        .ok_or_else(|| format!("it must be a number of seconds from {least} to 60"))
}
