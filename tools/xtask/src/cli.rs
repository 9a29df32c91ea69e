//! The command line of `cargo xtask`.

use clap::{Parser, Subcommand};

use crate::{browser, compose, lint, measure, restarts, roll, test, up};

/// Starts the system, tests it, and cuts the lessons out of it.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", version, about)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

/// What can be done here.
#[derive(Subcommand)]
pub enum Command {
    /// Start everything, with Docker where an engine answers, else natively
    Up(up::Options),
    /// Replace the replicas of the system that runs, one after another, by newly built ones
    Roll(roll::Options),
    /// Install what the tests need, and run every test
    Test(test::Options),
    /// Check workflows, shell scripts, Dockerfiles and compose files
    Lint(lint::Options),
    /// Test main and the lessons with Docker Compose, from build to down
    Compose(compose::Options),
    /// Run the tests in a browser, against three replicas
    Browser(browser::Tests),
    /// Make the pictures of the walkthroughs
    Screenshots(browser::Options),
    /// Many clients that check every delivery, or with --game bots that play whole matches
    Load(measure::Options),
    /// Measure the fan-out, with --game what a player costs, or with --lessons the way from lesson to lesson
    Bench(measure::Options),
    /// Break one thing after another under load, with --game while bots play, and check that nobody loses anything
    Chaos(measure::Options),
    /// Kill all replicas and start them again, many times, and check that each gets requests
    Restarts(restarts::Options),
    /// Print a compose file that names every image by its digest
    Pin,
    /// Fetch the servers that the native engine runs
    Tools,
    /// List, cut, check and branch the lessons
    #[command(subcommand)]
    Lessons(course::LessonsCommand),
}

#[cfg(test)]
mod tests {
    use super::*;

    /// clap finds two options of one name, and the like, only when it runs.
    #[test]
    fn the_command_line_is_consistent() {
        use clap::CommandFactory;
        Cli::command().debug_assert();
    }
}
