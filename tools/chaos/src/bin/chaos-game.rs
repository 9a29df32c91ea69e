//! Breaks the system on purpose while bots play, and says what they saw.

use std::process::ExitCode;

use clap::Parser;

/// Starts the system, lets bots play whole matches, breaks one thing after another, and checks that all saw the same.
///
/// The exit status is 0 only if every match ended with one result, every tick had one state, no seat two players, at most twenty ticks were
/// played again after a crash and none after a drain, and all recovered.
#[derive(Parser)]
#[command(name = "chaos-game", version, about)]
struct Cli {
    #[command(flatten)]
    options: chaos::game::Options,
}

// One thread: the servers need the rest of the machine.
#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match chaos::game::run_chosen(&Cli::parse().options).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("chaos: {}", telemetry::one_line(&error));
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
