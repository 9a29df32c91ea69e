//! Breaks the system on purpose while many clients use it, and says what they lost.

use std::process::ExitCode;

use clap::Parser;

/// Starts the system, connects many clients, breaks one thing after another, and checks that nobody lost anything.
///
/// A message is owed to every client as soon as the server has acknowledged it. The exit status is 0 only if nothing was
/// lost, doubled or out of order, no safe request failed, and all recovered.
#[derive(Parser)]
#[command(name = "chaos", version, about)]
struct Cli {
    #[command(flatten)]
    options: chaos::cli::Options,
}

// One thread: the servers need the rest of the machine.
#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match chaos::cli::run(&Cli::parse().options).await {
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
