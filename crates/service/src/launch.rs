//! A service from its command line to its exit code.

use std::{process::ExitCode, sync::Arc};

use clap::Args;
use telemetry::{Logging, Source};

use crate::{
    application::Application,
    cli::{Cli, Command},
    config::ServiceConfig,
    healthcheck,
    replica::{Replica, ReplicaId},
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
    let replica = config.replica_id.clone();
    let replica = replica.unwrap_or_else(|| ReplicaId::of_this_host(name));
    let replica = replica.to_string();
    let source = Source {
        service: name,
        replica: &replica,
    };
    let logging = Logging {
        format: config.log_format,
        no_color: config.no_color,
        filter: &config.log,
    };
    let telemetry = telemetry::init(source, logging, &config.otlp, &config.pseudonyms)?;
    let served = async {
        let signals = Signals::listen()?;
        let server = Server::bind(name, config).await?;
        let app = start(server.replica()).await?;
        server.run(app, signals).await
    };
    let served = served.await;
    // Here and not at its drop: it waits, for a moment, and whoever reads this should see where.
    telemetry.close();
    served
}
