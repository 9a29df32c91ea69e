//! Everything that can be configured, from the command line or from the environment. Nothing else in this
//! crate reads the environment.

use std::{net::SocketAddr, process::ExitCode, time::Duration};

use clap::{Args, Parser, Subcommand, error::ErrorKind};
use telemetry::LogFormat;

use crate::replica::ReplicaId;

/// A small web server that says which replica of it answered.
#[derive(Debug, Parser)]
#[command(
    name = "webserver",
    version,
    about,
    args_conflicts_with_subcommands = false
)]
pub struct Cli {
    /// What to do; serves when left out.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// The configuration.
    #[command(flatten)]
    pub config: Config,
}

/// What the binary can do beside serving.
#[derive(Clone, Copy, Debug, Subcommand)]
pub enum Command {
    /// Ask the replica at LISTEN whether it is ready; exits with 0 if so. For a container's health check
    Healthcheck,
}

/// How one replica is configured.
#[derive(Args, Clone, Debug)]
pub struct Config {
    /// Address and port to listen on; port 0 takes any free port
    #[arg(
        long,
        env = "LISTEN",
        global = true,
        default_value = "127.0.0.1:8080",
        value_parser = address,
        value_name = "IP:PORT"
    )]
    pub listen: SocketAddr,

    /// Name of this replica, unique among all: 1 to 63 of a-z, 0-9 and "-" [default: webserver-HOSTNAME]
    #[arg(
        long,
        env = "REPLICA_ID",
        global = true,
        default_value_t,
        hide_default_value = true,
        value_name = "NAME"
    )]
    pub replica_id: ReplicaId,

    // lesson 2
    /// How this replica is found.
    #[command(flatten)]
    pub registration: crate::registration::RegistrationConfig,

    // lesson 3
    /// Where the client is.
    #[command(flatten)]
    pub client: crate::pages::spa::ClientConfig,

    // lesson 4
    /// Where the sessions are kept.
    #[command(flatten)]
    pub sessions: crate::session::store::SessionStoreConfig,

    // lesson 5
    /// Where messages are passed on.
    #[command(flatten)]
    pub pubsub: crate::chat::pubsub::PubSubConfig,

    // lesson 6
    /// How many sockets there may be.
    #[command(flatten)]
    pub sockets: crate::chat::sockets::SocketsConfig,

    // lesson 7
    /// How many requests there may be at once.
    #[command(flatten)]
    pub load_shed: crate::load_shed::LoadShedConfig,

    /// Seconds that requests in progress may take to end when the replica stops: 0 to 60
    #[arg(long, env = "DRAIN_DEADLINE", global = true, default_value = "10", value_parser = seconds, value_name = "SECONDS")]
    pub drain_deadline: Duration,

    /// How log lines are written
    #[arg(
        long,
        env = "LOG_FORMAT",
        global = true,
        default_value = "text",
        value_enum
    )]
    pub log_format: LogFormat,

    /// What is logged: a level, or levels by target such as info,webserver=debug
    #[arg(
        long,
        env = "LOG",
        global = true,
        default_value = "info",
        value_name = "FILTER"
    )]
    pub log: String,
}

impl Cli {
    /// Reads the command line and the environment.
    ///
    /// # Errors
    /// Gives the exit code when there is nothing left to do: 0 after `--help`, 2 after a bad value, which
    /// was told in one line on standard error.
    pub fn from_command_line() -> Result<Cli, ExitCode> {
        Cli::try_parse().map_err(|error| {
            if matches!(
                error.kind(),
                ErrorKind::DisplayHelp | ErrorKind::DisplayVersion
            ) {
                let _ = error.print();
                return ExitCode::SUCCESS;
            }
            eprintln!("webserver: {} (see webserver --help)", in_one_line(&error));
            ExitCode::from(2)
        })
    }
}

/// clap explains a mistake in a paragraph. In a container's log one line is easier to find.
fn in_one_line(error: &clap::Error) -> String {
    let text = error.to_string();
    let lines = text.lines().map(str::trim).filter(|line| {
        !line.is_empty() && !line.starts_with("For more information") && !line.starts_with("Usage:")
    });
    let line = lines.collect::<Vec<_>>().join(" ");
    line.trim_start_matches("error: ").to_owned()
}

fn address(text: &str) -> Result<SocketAddr, String> {
    text.parse()
        .map_err(|_| "an address and a port such as 127.0.0.1:8080 are accepted".to_owned())
}

/// Parses seconds, with fractions, from 0 to 60. Docker kills a container that takes longer than its own
/// grace period, so a longer wait would only be cut off.
pub fn seconds(text: &str) -> Result<Duration, String> {
    text.parse()
        .ok()
        .filter(|seconds| (0.0..=60.0).contains(seconds))
        .map(Duration::from_secs_f64)
        .ok_or_else(|| "a number of seconds from 0 to 60 is accepted".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(args: &[&str]) -> Result<Cli, clap::Error> {
        Cli::try_parse_from([&["webserver"], args].concat())
    }

    #[test]
    fn the_definition_is_consistent() {
        use clap::CommandFactory;
        Cli::command().debug_assert();
    }

    #[test]
    fn bad_values_are_told_in_one_line_that_names_the_option() {
        let bad = [
            ("--listen", "8080"),
            ("--listen", "localhost"),
            ("--replica-id", "a b"),
            ("--drain-deadline", "61"),
            ("--drain-deadline", "NaN"),
            ("--log-format", "xml"),
        ];
        for (option, value) in bad {
            let error = parse(&[option, value]).expect_err(value);
            let line = in_one_line(&error);
            assert!(line.contains(option) && !line.contains('\n'), "{line}");
        }
    }

    #[test]
    fn options_may_stand_behind_the_subcommand() {
        let cli = parse(&["healthcheck", "--listen", "127.0.0.1:9"]).unwrap();
        assert_eq!(cli.config.listen.port(), 9);
    }
}
