//! The front door of the repository: `cargo xtask up`, `test`, `compose`, `tools` and `lessons`.

mod compose;
mod docker;
mod lessons;
mod native;
mod process;
mod report;
mod test;
mod tools;
mod up;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Starts the system, tests it, and cuts the lessons out of it.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", version, about)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Start everything, with Docker where an engine answers, else natively
    Up(up::Options),
    /// Install what the tests need, and run every test
    Test(test::Options),
    /// Test main and the lessons with Docker Compose, from build to down
    Compose(compose::Options),
    /// Fetch the servers that the native engine runs
    Tools,
    /// List, cut, check and branch the lessons
    #[command(subcommand)]
    Lessons(lessons::LessonsCommand),
}

#[tokio::main]
async fn main() -> ExitCode {
    let result = match Cli::parse().command {
        Command::Up(options) => up::run(&options).await,
        Command::Test(options) => test::run(&options),
        Command::Compose(options) => compose::run(&options).await,
        Command::Tools => tools::run(),
        Command::Lessons(command) => native::lessons(command).await,
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}
