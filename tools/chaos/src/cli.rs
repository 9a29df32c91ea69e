//! The command line.

use std::time::Duration;

use anyhow::bail;
use clap::Args;

use crate::{
    console::Console,
    engine::Engine,
    plan::Fault,
    run::{self},
    scenario::Scenario,
};

/// What can be chosen.
#[derive(Args, Clone, Debug)]
#[group(skip)]
pub struct Options {
    /// Decides the order of the faults, their lengths, whom they hit, and how long clients wait
    #[arg(long, default_value = "1")]
    pub seed: u64,

    /// Seconds for which messages are sent, at least: 0 to 3,600. Every fault has its turn, however short this is
    #[arg(long, default_value = "120", value_parser = seconds)]
    pub seconds: Duration,

    /// Clients that hold a WebSocket and check all that comes; a tenth of them talks
    #[arg(long, default_value = "300")]
    pub clients: usize,

    /// Messages a second, over all that talk
    #[arg(long, default_value = "20")]
    pub rate: f64,

    /// Clients that ask for / and /api/whoami, ten times a second each
    #[arg(long, default_value = "8")]
    pub pollers: usize,

    /// Replicas of the web server
    #[arg(long, default_value = "3")]
    pub replicas: usize,

    /// What goes wrong [default: everything that the engine can do]
    #[arg(long, value_enum, value_delimiter = ',', value_name = "FAULT,…")]
    pub faults: Vec<Fault>,

    /// Let clients come back without saying what they heard last. Then messages are lost, which shows that it is found
    #[arg(long)]
    pub without_resume: bool,

    /// Break containers, in a project of Docker Compose of its own, instead of processes
    #[arg(long)]
    pub docker: bool,

    /// Write JSON, and nothing else, to standard output
    #[arg(long)]
    pub json: bool,
}

impl Options {
    /// The run that was chosen.
    #[must_use]
    pub fn scenario(&self) -> Scenario {
        Scenario {
            seed: self.seed,
            time: self.seconds,
            clients: self.clients,
            rate: self.rate,
            pollers: self.pollers,
            replicas: self.replicas,
            faults: if self.faults.is_empty() {
                Fault::all().to_vec()
            } else {
                self.faults.clone()
            },
            without_resume: self.without_resume,
            engine: if self.docker {
                Engine::Docker
            } else {
                Engine::Native
            },
        }
    }
}

/// Runs what was chosen, and prints what came of it.
///
/// # Errors
/// When something fails, and when something was lost, doubled, out of order, refused or not answered.
pub async fn run(options: &Options) -> anyhow::Result<()> {
    let scenario = options.scenario();
    scenario.check()?;
    let console = Console::default();
    let faults: Vec<String> = scenario
        .plan()
        .iter()
        .map(|step| step.fault.to_string())
        .collect();
    console.say(&format!(
        "Seed {}: {} faults in {} s or more: {}.",
        scenario.seed,
        faults.len(),
        scenario.time.as_secs(),
        faults.join(", ")
    ));
    for (fault, why) in scenario.skipped() {
        console.say(&format!("Skipped {fault}: {why}."));
    }
    if scenario.without_resume {
        console.say("Clients come back without saying what they heard last. Losses are expected.");
    }
    let report = run::run(&scenario, &console).await?;
    if options.json {
        println!("{}", serde_json::to_string_pretty(&report)?);
    } else {
        print!("{report}");
    }
    let found = report.faults();
    if !found.is_empty() {
        bail!("{}", found.join(", "));
    }
    Ok(())
}

fn seconds(text: &str) -> Result<Duration, String> {
    text.parse()
        .ok()
        .filter(|seconds| (0.0..=3_600.0).contains(seconds))
        .map(Duration::from_secs_f64)
        .ok_or_else(|| "it must be a number of seconds from 0 to 3,600".to_owned())
}
