//! What can be chosen.

use std::time::Duration;

use clap::Args;

/// What can be chosen.
#[derive(Args, Clone, Debug)]
#[group(skip)]
pub struct Options {
    /// Seconds for which the network is away, each of them measured by itself: 0.1 to 15
    #[arg(long, value_delimiter = ',', default_value = "0.5,1,2,5", value_parser = seconds)]
    pub seconds: Vec<Duration>,

    /// How often each is measured: 1 to 100
    #[arg(long, default_value = "10", value_parser = clap::value_parser!(u32).range(1..=100))]
    pub times: u32,

    /// Try no second socket, to see how TCP itself comes back
    #[arg(long)]
    pub patient: bool,

    /// Said by this program to itself, once it is in a network of its own
    #[arg(long, hide = true)]
    pub inside: bool,
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds = text.parse().ok();
    let seconds = seconds.filter(|seconds| (0.1..=15.0).contains(seconds));
    let seconds = seconds.map(Duration::from_secs_f64);
    seconds.ok_or_else(|| "it must be a number of seconds from 0.1 to 15".to_owned())
}
