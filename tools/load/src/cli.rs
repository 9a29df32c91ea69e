//! The command line of the load tool.

use std::{
    io::{IsTerminal, Write},
    time::Duration,
};

use anyhow::bail;
use bot::Target;
use clap::{Args, ValueEnum};
use serde::Serialize;

use crate::{
    checks::{self, Malformed, Report, SlowReaders, Sockets, System},
    local_system::LocalSystem,
    memory,
    plan::{Pace, Plan},
    run::{self, Progress, Watch},
};

/// What can be chosen.
#[derive(Args, Clone, Debug)]
#[group(skip)]
pub struct Options {
    /// Where the clients go, of this machine only; several are taken in turn [default: a system started for this]
    #[arg(long, value_delimiter = ',', value_name = "URL")]
    pub url: Vec<String>,

    /// Replicas of the system started for this
    #[arg(long, default_value = "2", conflicts_with = "url", value_parser = clap::value_parser!(u32).range(1..=20))]
    pub replicas: u32,

    /// Go to the replicas of the system started for this, and not through Traefik
    #[arg(long, conflicts_with = "url")]
    pub direct: bool,

    /// Clients that hold a socket and check all that comes
    #[arg(long, default_value = "100")]
    pub clients: usize,

    /// How many of them send, in turn [default: 10, or all if there are fewer]
    #[arg(long)]
    pub senders: Option<usize>,

    /// Clients beside them that hold a socket and check nothing
    #[arg(long, default_value = "0")]
    pub idle: usize,

    /// Clients beside them that never read; the run says how the server ended each
    #[arg(long, default_value = "0")]
    pub slow: usize,

    /// Messages a second over all senders
    #[arg(long, default_value = "10", conflicts_with = "window")]
    pub rate: f64,

    /// Flat out instead: messages in flight, which are those that the slowest client has not had
    #[arg(long, value_name = "MESSAGES")]
    pub window: Option<usize>,

    /// Seconds for which messages are sent: 0 to 3,600
    #[arg(long, default_value = "10", value_parser = seconds)]
    pub seconds: Duration,

    /// Characters of a message: up to 500
    #[arg(long, default_value = "60", value_name = "CHARACTERS")]
    pub length: usize,

    /// Make checks on the system started for this, instead of a run
    #[arg(long, value_enum, value_delimiter = ',', conflicts_with = "url")]
    pub check: Vec<Check>,

    /// Write JSON, and nothing else, to standard output
    #[arg(long)]
    pub json: bool,
}

/// What fan-out has to pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Check {
    /// 10,000 sockets on two replicas, a message a second: nothing lost, and at most 12 KB of memory a socket
    Sockets,
    /// Ten clients that never read beside 100 that do, at 4 MB a second: the ten are closed, and nobody else notices
    SlowReaders,
    /// 1,000 malformed connections: replicas go on serving, and their memory does not grow
    Malformed,
}

/// Runs what was chosen, and prints what came of it.
///
/// # Errors
/// When something fails, and when something was lost, doubled, out of order, refused or closed.
pub async fn run(options: &Options) -> anyhow::Result<()> {
    if !options.url.is_empty() {
        let targets = options.url.iter().map(|url| Ok(Target::parse(url)?));
        let plan = options.plan(targets.collect::<anyhow::Result<_>>()?);
        return one_run(&plan, options.json).await;
    }
    if !options.check.is_empty() && !memory::AVAILABLE {
        bail!("the checks read memory from /proc, which only Linux has");
    }
    // Looked at before minutes are spent on building.
    options.plan(vec![Target::at("127.0.0.1")?]).check()?;
    eprintln!(
        "Building and starting a system of {} replicas. (To use one that runs: --url)",
        options.replicas
    );
    let system = LocalSystem::start(options.replicas as usize).await?;
    let done = tokio::select! {
        done = on_local_system(&system, options) => done,
        _ = tokio::signal::ctrl_c() => Err(anyhow::anyhow!("ended by Ctrl-C")),
    };
    system.stop().await?;
    done
}

async fn on_local_system(local: &LocalSystem, options: &Options) -> anyhow::Result<()> {
    if options.check.is_empty() {
        return one_run(&options.plan(local.targets(options.direct)?), options.json).await;
    }
    let system = System {
        targets: local.targets(true)?,
        pids: local.pids(),
        pubsub_url: local.pubsub_url()?,
    };
    let mut reports = Vec::new();
    for check in &options.check {
        let report = check.run(&system).await?;
        if !options.json {
            print!("{report}");
        }
        reports.push(report);
    }
    if options.json {
        print_json(&reports)?;
    }
    let failed: Vec<&str> = reports
        .iter()
        .filter(|report| !report.faults.is_empty())
        .map(|report| report.name)
        .collect();
    if !failed.is_empty() {
        bail!("not passed: {}", failed.join(", "));
    }
    Ok(())
}

async fn one_run(plan: &Plan, json: bool) -> anyhow::Result<()> {
    let summary = run::run(plan, &mut progress()).await?;
    if json {
        print_json(&summary)?;
    } else {
        print!("{summary}");
    }
    let faults = summary.faults();
    if !faults.is_empty() {
        bail!("{}", faults.join(", "));
    }
    Ok(())
}

impl Options {
    fn plan(&self, targets: Vec<Target>) -> Plan {
        Plan {
            clients: self.clients,
            senders: self.senders.unwrap_or(self.clients.min(10)),
            idle: self.idle,
            slow: self.slow,
            pace: self.window.map_or(Pace::Rate(self.rate), Pace::Window),
            time: self.seconds,
            length: self.length,
            ..Plan::new(targets)
        }
    }
}

impl Check {
    async fn run(self, system: &System) -> anyhow::Result<Report> {
        match self {
            Check::Sockets => checks::sockets(system, Sockets::default(), &mut progress()).await,
            Check::SlowReaders => checks::slow_readers(system, SlowReaders::default()).await,
            Check::Malformed => checks::malformed(system, Malformed::default()).await,
        }
    }
}

/// Lines on standard error, so that standard output holds the result only. On a terminal, a line for what is counted
/// up replaces the one before.
fn progress() -> Box<Watch<'static>> {
    let terminal = std::io::stderr().is_terminal();
    Box::new(move |progress| {
        let (what, done, all) = match progress {
            Progress::LoggedIn(done, all) => ("logged in", done, all),
            Progress::Connected(done, all) => ("connected", done, all),
            Progress::Running(line) => return eprintln!("{line}"),
            Progress::Settling => return eprintln!("sent; waiting for what is still on its way"),
        };
        if done == all {
            eprintln!("{}{what} {done}/{all}", if terminal { "\r" } else { "" });
        } else if terminal && done % 50 == 0 {
            eprint!("\r{what} {done}/{all}");
            let _ = std::io::stderr().flush();
        }
    })
}

/// Prints a result for machines.
///
/// # Errors
/// When it cannot be written.
pub fn print_json(result: &impl Serialize) -> anyhow::Result<()> {
    println!("{}", serde_json::to_string_pretty(result)?);
    Ok(())
}

fn seconds(text: &str) -> Result<Duration, String> {
    text.parse()
        .ok()
        .filter(|seconds| (0.0..=3_600.0).contains(seconds))
        .map(Duration::from_secs_f64)
        .ok_or_else(|| "it must be a number of seconds from 0 to 3,600".to_owned())
}
