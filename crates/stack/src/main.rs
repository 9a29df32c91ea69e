//! `cargo run -p stack`: the system of this branch without Docker.

use std::process::ExitCode;

use clap::Parser;

/// Runs the whole system as processes of this machine, without Docker.
#[derive(Parser)]
#[command(name = "native", version, about)]
struct Cli {
    #[command(flatten)]
    options: stack::up::Options,
}

#[tokio::main]
async fn main() -> ExitCode {
    match stack::up::run(&Cli::parse().options).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("native: {error:#}");
            ExitCode::FAILURE
        }
    }
}
