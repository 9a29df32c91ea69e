//! A service from its command line to its exit code.

use std::{process::ExitCode, sync::Arc};

use clap::Args;

use crate::{
    application::Application,
    cli::{Cli, Command},
    config::ServiceConfig,
    healthcheck,
    replica::Replica,
    runtime,
    server::Server,
    signals::Signals,
};

/// Runs the service called `name`: reads its configuration, starts logging, binds, and serves until it is told to stop.
///
/// The name is what Consul, Traefik, the log and the help know the service by. `start` makes its features of their
/// configuration. It is called when the address is bound, so that a port that is taken is told of before anything else
/// has begun.
pub fn run<Features: Args, App: Application>(
    name: &'static str,
    about: &'static str,
    start: impl AsyncFnOnce(&Features, &Arc<Replica>) -> anyhow::Result<App>,
) -> ExitCode {
    let cli = match Cli::<Features>::from_command_line(name, about) {
        Ok(cli) => cli,
        Err(code) => return code,
    };
    let work = async {
        match cli.command {
            Some(Command::Healthcheck) => healthcheck::run(cli.service.listen).await,
            None => {
                serve(name, &cli.service, async |replica| {
                    start(&cli.features, replica).await
                })
                .await
            }
        }
    };
    let result = runtime::start()
        .map_err(Into::into)
        .and_then(|runtime| runtime.block_on(work));
    result.unwrap_or_else(|error| {
        // One line, on standard error, with every cause: what a person sees who starts it by hand.
        eprintln!("{name}: {}", telemetry::one_line(&error));
        ExitCode::FAILURE
    })
}

async fn serve<App: Application>(
    name: &'static str,
    config: &ServiceConfig,
    start: impl AsyncFnOnce(&Arc<Replica>) -> anyhow::Result<App>,
) -> anyhow::Result<ExitCode> {
    telemetry::init(config.log_format, config.no_color, &config.log)?;
    let signals = Signals::listen()?;
    let server = Server::bind(name, config).await?;
    let app = start(server.replica()).await?;
    server.run(app, signals).await
}
