//! The front door of the repository: `cargo xtask up`, `roll`, `restarts`, `test`, `lint`, `browser`, `screenshots`, `compose`, `pin`, `tools` and `lessons`.

mod browser;
mod cli;
mod compose;
mod docker;
mod lint;
mod measure;
mod native;
mod pin;
mod restarts;
mod roll;
mod terminal;
mod test;
mod tools;
mod up;

use std::process::ExitCode;

use clap::Parser;

use cli::{Cli, Command};

#[tokio::main]
async fn main() -> ExitCode {
    let result = match Cli::parse().command {
        Command::Up(options) => up::run(options).await,
        Command::Roll(options) => roll::run(&options).await,
        Command::Test(options) => test::run(&options).await,
        Command::Browser(tests) => browser::run(&tests).await.map(drop),
        Command::Screenshots(options) => browser::screenshots(&options).await,
        Command::Lint(options) => lint::run(&options),
        Command::Compose(options) => compose::run(&options).await,
        Command::Load(options) => measure::load(&options),
        Command::Bench(options) => measure::bench(&options).await,
        Command::Chaos(options) => measure::chaos(&options),
        Command::Restarts(options) => restarts::run(&options).await,
        Command::Pin => pin::run(),
        Command::Tools => tools::run(),
        Command::Lessons(command) => native::lessons(command).await,
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {}", telemetry::one_line(&error));
            ExitCode::FAILURE
        }
    }
}
