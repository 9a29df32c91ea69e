//! The command line.

use std::time::Duration;

use anyhow::bail;
use clap::Args;

use super::{fault::Fault, run::run, scenario::Scenario, without::Without};
use crate::console::Console;

/// What can be chosen.
#[derive(Args, Clone, Debug)]
#[group(skip)]
pub struct Options {
    /// Decides the order of the faults, their lengths, whom they hit, and how the bots play
    #[arg(long, default_value = "1")]
    pub seed: u64,

    /// Seconds for which matches are begun, at least: 0 to 3,600. Every fault has its turn, however short this is
    #[arg(long, default_value = "120", value_parser = clap::value_parser!(u32).range(0..=3600))]
    pub seconds: u32,

    /// Matches at one time, about: five players in each, and one more in each fourth
    #[arg(long, default_value = "40")]
    pub matches: usize,

    /// Replicas of the web server
    #[arg(long, default_value = "3")]
    pub replicas: usize,

    /// Game servers
    #[arg(long, default_value = "3")]
    pub servers: usize,

    /// What goes wrong [default: everything]
    #[arg(long, value_enum, value_delimiter = ',', value_name = "FAULT,…")]
    pub faults: Vec<Fault>,

    /// Take something out of the game servers, which are built for that. Then matches are lost or seen twice, which shows that it is found
    #[arg(long, value_enum)]
    pub without: Option<Without>,

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
            time: Duration::from_secs(self.seconds.into()),
            matches: self.matches,
            replicas: self.replicas,
            servers: self.servers,
            faults: if self.faults.is_empty() {
                Fault::all().to_vec()
            } else {
                self.faults.clone()
            },
            without: self.without,
        }
    }
}

/// Runs what was chosen, and prints what came of it.
///
/// # Errors
/// When something fails, and when not all was as it should be.
pub async fn run_chosen(options: &Options) -> anyhow::Result<()> {
    let scenario = options.scenario();
    scenario.check()?;
    let console = Console::default();
    let steps = scenario.plan();
    let faults: Vec<String> = steps.iter().map(|step| step.fault.to_string()).collect();
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
    if let Some(without) = scenario.without {
        let name = without.name();
        console.say(&format!("Without {name}: something wrong is expected."));
    }
    let report = run(&scenario, &console).await?;
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
