//! The command line of the benchmark.

use std::{path::PathBuf, time::Duration};

use clap::{Args, ValueEnum};
use serde::Serialize;

use crate::kind::Kind;

/// What stands before the servers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Through {
    /// Nothing: each client has a socket of the server itself
    Nothing,
    /// Traefik, which every frame passes, and whose processor time and memory count, too
    Traefik,
}

/// What can be chosen.
#[derive(Args, Clone, Debug)]
#[group(skip)]
pub struct Options {
    /// Times that each server is measured: 1 or more. The median counts
    #[arg(long, default_value = "3", value_parser = clap::value_parser!(u32).range(1..=50), value_name = "ROUNDS")]
    pub rounds: u32,

    /// Sockets over the two processes of a server
    #[arg(long, default_value = "1000", value_parser = clap::value_parser!(u32).range(10..=20_000), value_name = "SOCKETS")]
    pub sockets: u32,

    /// Seconds for which messages are published at --rate
    #[arg(long, default_value = "6", value_parser = clap::value_parser!(u32).range(1..=600), value_name = "SECONDS")]
    pub paced: u32,

    /// Messages published in a second of the paced mode
    #[arg(long, default_value = "50", value_parser = clap::value_parser!(u32).range(1..=10_000), value_name = "RATE")]
    pub rate: u32,

    /// Seconds for which messages are published flat out
    #[arg(long, default_value = "5", value_parser = clap::value_parser!(u32).range(1..=600), value_name = "SECONDS")]
    pub flat_out: u32,

    /// Messages that the slowest client may be behind in the flat-out mode
    #[arg(long, default_value = "256", value_parser = clap::value_parser!(u32).range(1..=900), value_name = "MESSAGES")]
    pub window: u32,

    /// Servers to measure
    #[arg(
        long,
        value_enum,
        value_delimiter = ',',
        default_value = "ours,gathering,textbook,raw"
    )]
    pub servers: Vec<Kind>,

    /// What stands before the servers
    #[arg(long, value_enum, default_value = "nothing")]
    pub through: Through,

    /// The window of the server that gathers, in milliseconds
    #[arg(long, default_value = "40", value_parser = clap::value_parser!(u16).range(1..=1000), value_name = "MILLISECONDS")]
    pub flush_window: u16,

    /// The binary of another version of the web server, to be measured beside: that of the lesson before, for example
    #[arg(long, value_name = "BINARY")]
    pub before: Option<PathBuf>,

    /// Write JSON, and nothing else, to standard output
    #[arg(long)]
    pub json: bool,
}

impl Options {
    /// The servers to measure, in their order.
    pub(crate) fn kinds(&self) -> Vec<Kind> {
        let mut kinds = self.servers.clone();
        kinds.extend(self.before.is_some().then_some(Kind::Before));
        kinds.dedup();
        kinds
    }

    /// How long the paced mode lasts.
    pub(crate) fn paced_time(&self) -> Duration {
        Duration::from_secs(self.paced.into())
    }

    /// How long the flat-out mode lasts.
    pub(crate) fn flat_out_time(&self) -> Duration {
        Duration::from_secs(self.flat_out.into())
    }
}
