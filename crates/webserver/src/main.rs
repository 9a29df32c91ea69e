//! The web server's binary: parse, start logging, build, run. What it does is in the library beside it.

use std::process::ExitCode;

use lifecycle::Signals;
use webserver::{
    config::{Cli, Command, Config},
    healthcheck, startup,
};

// lesson 6
/// Ten thousand sockets are many small pieces of memory, which this allocator packs more tightly.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

// #[tokio::main] // lessons 1 to 5 only
#[tokio::main(flavor = "current_thread")] // lesson 6
async fn main() -> ExitCode {
    let cli = match Cli::from_command_line() {
        Ok(cli) => cli,
        Err(code) => return code,
    };
    let result = match cli.command {
        Some(Command::Healthcheck) => healthcheck::run(cli.config.listen).await,
        None => serve(&cli.config).await,
    };
    result.unwrap_or_else(|error| {
        // One line, on standard error, with every cause: what a person sees who starts it by hand.
        eprintln!("webserver: {error:#}");
        ExitCode::FAILURE
    })
}

async fn serve(config: &Config) -> anyhow::Result<ExitCode> {
    telemetry::init(config.log_format, &config.log)?;
    let signals = Signals::listen()?;
    let server = startup::build(config).await?;
    server.run(signals).await
}
