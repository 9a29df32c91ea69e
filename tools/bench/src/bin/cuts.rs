//! How soon a player plays on after the network was away.

use std::process::ExitCode;

use bench::cuts::{Options, run};
use clap::Parser;

/// Measures how soon a player plays on after the network was away.
///
/// The whole system and a player run in a network namespace of their own, where the player's packets are dropped for a while. That takes
/// Linux, the programs unshare, ip and iptables, and a system that lets its users have namespaces. What counts are the time from the
/// network's return to the first snapshot, and how many come at once with it. The exit status is 0 if at the median a player is back
/// within 100 ms, with at most ten snapshots at once, and no seat was lost.
#[derive(Parser)]
#[command(name = "cuts", version, about)]
struct Cli {
    #[command(flatten)]
    options: Options,
}

// One thread: the servers need the rest of the machine.
#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run(&Cli::parse().options).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("cuts: {}", telemetry::one_line(&error));
            ExitCode::FAILURE
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        use clap::CommandFactory;
        Cli::command().debug_assert();
    }
}
