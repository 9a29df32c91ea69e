//! `cargo run -p stack`: the system of this branch without Docker.

use std::process::ExitCode;

use clap::Parser;

/// Runs the whole system as processes of this machine, without Docker.
#[derive(Parser)]
#[command(name = "native", version, about)]
struct Cli {
    #[command(flatten)]
    options: stack::up::Options,

    /// Replace the replicas of the system that runs in another terminal, one after another, by newly built ones
    #[arg(long, exclusive = true)]
    roll: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    let cli = Cli::parse();
    if cli.roll {
        return roll();
    }

    match up(&cli.options).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("native: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn up(options: &stack::up::Options) -> anyhow::Result<()> {
    stack::up::run(options, stack::Stop::listen()?).await
}

fn roll() -> ExitCode {
    match stack::ask_to_roll(&stack::workspace_root()) {
        Ok(true) => {
            println!("The system that runs replaces its replicas, and tells each step there.");
            ExitCode::SUCCESS
        }
        Ok(false) => {
            eprintln!(
                "native: nothing runs here; start it in another terminal: cargo run -p stack"
            );
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("native: {error:#}");
            ExitCode::FAILURE
        }
    }
}
