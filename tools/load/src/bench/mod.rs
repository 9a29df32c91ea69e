//! What it costs a server to hand one message to one socket.
//!
//! Three servers are measured in turn, again and again, under the same load: two processes, one Redis, many sockets,
//! and one publisher. What is counted is the processor time of the two server processes (user and system), not how
//! long anything takes: on a small machine the clients use as much of the processor as the servers.
//!
//! | server | what it is |
//! |---|---|
//! | `ours` | the web server of this repository, two replicas, with its real sessions and messages |
//! | `textbook` | axum, a broadcast channel, and one send for each message and socket |
//! | `raw` | a loop that writes ready-made frames, and nothing else: the limit |
//!
//! And in two modes:
//!
//! - *paced*, a few messages a second: every message is written by itself, so this is the cost of waking up and of the
//!   system calls. No server can be much better than `raw`.
//! - *flat out*, as many as the window lets through: whoever puts several queued messages into one write wins. Here
//!   `textbook` shows what that is worth.
//!
//! See the README of this crate for how to read the numbers.

mod build;
mod measure;
mod redis_server;
mod results;
mod server;

use std::time::Duration;

use anyhow::bail;
use clap::Args;

pub use results::Results;

use measure::Sample;
use redis_server::RedisServer;
use server::Kind;

use crate::memory;

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
        default_value = "ours,textbook,raw"
    )]
    pub servers: Vec<Kind>,

    // lesson 7
    /// The binary of another version of the web server, to be measured beside: that of the lesson before, for example
    #[arg(long, value_name = "BINARY")]
    pub before: Option<std::path::PathBuf>,

    /// Write JSON, and nothing else, to standard output
    #[arg(long)]
    pub json: bool,
}

/// Builds the servers, measures each in every round, and gives what came out.
///
/// # Errors
/// On other systems than Linux; and when a server cannot be built, does not start, or loses a message.
pub async fn run(options: &Options) -> anyhow::Result<Results> {
    if !memory::AVAILABLE {
        bail!("the benchmark reads processor time and memory from /proc, which only Linux has");
    }
    crate::limits::ensure_open_files(options.sockets as usize)?;
    eprintln!("Building the servers in release mode; the first time this takes minutes.");
    let binaries = build::all(options).await?;
    let redis = RedisServer::start().await?;
    let mut samples: Vec<Sample> = Vec::new();
    for round in 1..=options.rounds {
        for kind in options.kinds() {
            eprint!("round {round} of {}, {kind}: ", options.rounds);
            let sample = measure::measure(kind, &binaries, &redis, options).await?;
            eprintln!("{sample}");
            samples.push(sample);
        }
    }
    Ok(Results::of(options, samples))
}

impl Options {
    /// The servers to measure, in their order.
    fn kinds(&self) -> Vec<Kind> {
        let mut kinds = self.servers.clone();
        kinds.extend(self.before.is_some().then_some(Kind::Before)); // lesson 7
        kinds.dedup();
        kinds
    }

    fn paced_time(&self) -> Duration {
        Duration::from_secs(self.paced.into())
    }

    fn flat_out_time(&self) -> Duration {
        Duration::from_secs(self.flat_out.into())
    }
}
