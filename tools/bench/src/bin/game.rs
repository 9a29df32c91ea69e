//! The game's benchmark.

use std::process::ExitCode;

use bench::game::{Options, run};
use clap::Parser;

/// Measures what a second of a player costs a game server, beside its limit and others' servers.
///
/// `raw` writes ready frames to plain sockets: the limit. `ws` and `colyseus` are servers in Node that play the same rules; they are measured
/// where Node is. Each server is measured in every round, one after the other, with the same players. What counts is the processor time of
/// its process; the ratio of the medians is what to look at. The exit status is 0 if the ratios are what they may be at most.
#[derive(Parser)]
#[command(name = "game", version, about)]
struct Cli {
    #[command(flatten)]
    options: Options,
}

// One thread for all players: the server needs the rest of the machine.
#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let measured = run(&Cli::parse().options).await.and_then(|results| {
        println!("\n{results}");
        anyhow::ensure!(results.hold(), "a ratio is more than it may be");
        Ok(())
    });
    match measured {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("game: {}", telemetry::one_line(&error));
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
