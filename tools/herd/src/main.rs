//! Bots that play whole matches, and compare what they saw.

use std::process::ExitCode;

use clap::Parser;

/// Lets many bots play through Traefik, alone and in parties, and checks that all who are in a match see the same one.
///
/// The exit status is 0 if every ticket was taken once, every match has one result, and no two clients saw different states of one tick.
#[derive(Parser)]
#[command(name = "herd", version, about)]
struct Cli {
    #[command(flatten)]
    options: herd::Options,
}

// One thread: the servers need the rest of the machine.
#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match herd::run(&Cli::parse().options).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("herd: {}", telemetry::one_line(&error));
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
