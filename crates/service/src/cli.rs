//! The command line of every service: what it can do, and how it is configured.

use std::process::ExitCode;

use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand, error::ErrorKind};

use crate::config::ServiceConfig;

/// The command line of a service whose features are configured by `Features`.
#[derive(Debug, Parser)]
#[command(version, args_conflicts_with_subcommands = false)]
pub struct Cli<Features: Args> {
    /// What to do; serves when left out.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// What all services have.
    #[command(flatten)]
    pub service: ServiceConfig,
    /// What this one has beside it.
    #[command(flatten)]
    pub features: Features,
}

/// What the binary can do beside serving.
#[derive(Clone, Copy, Debug, Subcommand)]
pub enum Command {
    /// Ask the replica at LISTEN whether it is ready; exits with 0 if so. For a container's health check
    Healthcheck,
}

impl<Features: Args> Cli<Features> {
    /// Reads the command line and the environment of the service called `name`.
    ///
    /// # Errors
    /// Gives the exit code when there is nothing left to do: 0 after `--help`, 2 after a bad value, which
    /// was told in one line on standard error.
    pub fn from_command_line(
        name: &'static str,
        about: &'static str,
    ) -> Result<Cli<Features>, ExitCode> {
        Cli::parse_from_command(definition::<Features>(name, about)).map_err(|error| {
            if matches!(
                error.kind(),
                ErrorKind::DisplayHelp | ErrorKind::DisplayVersion
            ) {
                let _ = error.print();
                return ExitCode::SUCCESS;
            }
            eprintln!("{name}: {} (see {name} --help)", in_one_line(&error));
            ExitCode::from(2)
        })
    }

    fn parse_from_command(command: clap::Command) -> Result<Cli<Features>, clap::Error> {
        Cli::from_arg_matches(&command.try_get_matches()?)
    }
}

/// The definition, with the service's own name where the help says SERVICE.
fn definition<Features: Args>(name: &'static str, about: &'static str) -> clap::Command {
    let named = |arg: clap::Arg| match arg.get_help().map(ToString::to_string) {
        Some(help) => arg.help(help.replace("SERVICE", name)),
        None => arg,
    };
    let command = Cli::<Features>::command();
    command.name(name).about(about).mut_args(named)
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

#[cfg(test)]
mod tests {
    use super::*;

    /// A service without features.
    #[derive(Args, Debug)]
    struct Nothing {}

    fn parse(args: &[&str]) -> Result<Cli<Nothing>, clap::Error> {
        let command = definition::<Nothing>("hello", "Says hello");
        Cli::from_arg_matches(&command.try_get_matches_from([&["hello"], args].concat())?)
    }

    #[test]
    fn the_definition_is_consistent() {
        definition::<Nothing>("hello", "Says hello").debug_assert();
    }

    #[test]
    fn the_help_names_the_service() {
        let help = definition::<Nothing>("hello", "Says hello").render_help();
        let help = help.to_string();
        assert!(
            help.contains("Says hello") && help.contains("hello-HOSTNAME"),
            "{help}"
        );
        assert!(!help.contains("SERVICE"), "{help}");
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
        assert_eq!(cli.service.listen.port(), 9);
    }
}
