//! The load tool: many WebSocket clients that check every delivery.

use std::process::ExitCode;

use clap::Parser;

/// Opens many WebSockets to replicas of this machine, sends messages, and checks that every client gets every message
/// once and in the same order.
///
/// A message is owed to a client as soon as the server has acknowledged it. The exit status is 0 if nothing was lost,
/// doubled, out of order, refused or closed.
#[derive(Parser)]
#[command(name = "load", version, about)]
struct Cli {
    #[command(flatten)]
    options: load::cli::Options,
}

// One thread: the servers need the rest of the machine.
#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match load::cli::run(&Cli::parse().options).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("load: {}", telemetry::one_line(&error));
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
