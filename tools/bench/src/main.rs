//! The fan-out benchmark.

use std::process::ExitCode;

use clap::Parser;

/// Measures what a delivery costs the web server, beside two baselines.
///
/// `raw` is a loop that writes ready-made frames: the limit. `textbook` is axum with one send for each message and
/// socket: the usual way. Each server is measured in every round, one after the other, with the same load. What counts
/// is the processor time of its two processes for a million deliveries, so smaller is better. Single rounds differ by
/// some percent, and by more while anything else runs on the machine; the ratio of the medians is what to look at,
/// and the ratios of single rounds say how far to trust it. The exit status is 0 if the ratios are what they may be at
/// most.
#[derive(Parser)]
#[command(name = "bench", version, about)]
struct Cli {
    #[command(flatten)]
    options: bench::Options,
}

// One thread for all clients: the servers need the rest of the machine.
#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let options = Cli::parse().options;
    let json = options.json;
    let run = async {
        let results = bench::run(&options).await?;
        if json {
            load::cli::print_json(&results)?;
        } else {
            println!("\n{results}");
        }
        anyhow::ensure!(results.hold(), "a ratio is more than it may be");
        Ok(())
    };
    match run.await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench: {}", telemetry::one_line(&error));
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
