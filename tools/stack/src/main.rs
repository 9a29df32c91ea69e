//! `cargo run -p stack`: the system of this branch without Docker.

use std::process::ExitCode;

use clap::Parser;

/// Runs the whole system as processes of this machine, without Docker.
#[derive(Parser)]
#[command(name = "native", version, about)]
struct Cli {
    #[command(flatten)]
    options: stack::up::Options,

    // lesson 7
    /// Replace the replicas of a service, or of all, in the system that runs in another terminal, one after another, by newly built ones
    #[arg(long, exclusive = true, value_name = "SERVICE")]
    roll: Option<Option<String>>,
}

#[tokio::main]
async fn main() -> ExitCode {
    let cli = Cli::parse();
    // lesson 7
    if let Some(service) = &cli.roll {
        return roll(service.as_deref());
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

// lesson 7
fn roll(service: Option<&str>) -> ExitCode {
    match stack::ask_to_roll(&stack::workspace_root(), service) {
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
