//! The board as a program: `board --help`.

use std::process::ExitCode;

use clap::Parser;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let config = board::Config::parse();
    match board::serve(&config).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("board: {}", telemetry::one_line(&error));
            ExitCode::FAILURE
        }
    }
}
