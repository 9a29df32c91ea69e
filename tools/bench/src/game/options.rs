//! What can be chosen.

use std::time::Duration;

use clap::Args;

use super::contender::Kind;

/// What can be chosen.
#[derive(Args, Clone, Debug)]
#[group(skip)]
pub struct Options {
    /// Matches of eight players: 1 to 200
    #[arg(long, default_value = "50", value_parser = clap::value_parser!(u32).range(1..=200))]
    pub matches: u32,

    /// Rounds; in each every server is measured once
    #[arg(long, default_value = "5", value_parser = clap::value_parser!(u32).range(1..=100))]
    pub rounds: u32,

    /// Seconds for which a server is measured in a round: 1 to 40. A match takes a minute
    #[arg(long, default_value = "15", value_parser = seconds)]
    pub seconds: Duration,

    /// Inputs that a player sends in a second: 1 to 20. Whoever turns all the time sends one a tick, and whoever holds a key four a second
    #[arg(long, default_value = "5", value_parser = clap::value_parser!(u32).range(1..=20))]
    pub inputs: u32,

    /// Servers to measure
    #[arg(
        long,
        value_enum,
        value_delimiter = ',',
        default_value = "ours,raw,ws,colyseus"
    )]
    pub servers: Vec<Kind>,
}

impl Options {
    /// How many players there are.
    #[must_use]
    pub fn players(&self) -> usize {
        self.matches as usize * super::clients::SEATS
    }
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds = text
        .parse()
        .ok()
        .filter(|seconds| (1..=40).contains(seconds));
    let seconds = seconds.map(Duration::from_secs);
    seconds.ok_or_else(|| "it must be a whole number of seconds from 1 to 40".to_owned())
}
