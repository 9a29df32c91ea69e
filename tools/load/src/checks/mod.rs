//! What fan-out has to pass, each as one function for a test or for `cargo xtask load --check`.
//!
//! They measure the memory of the replicas from outside, so they need their process ids and Linux.

mod malformed;
mod openings;
mod slow_readers;
mod sockets;

use std::{fmt, time::Instant};

use anyhow::bail;
use serde::Serialize;

pub use malformed::{Malformed, malformed};
pub use slow_readers::{SlowReaders, slow_readers};
pub use sockets::{Sockets, sockets};

use crate::{Target, memory, run::Watch};

/// What a check works on.
#[derive(Clone, Debug)]
pub struct System {
    /// Where clients go: each replica's own address, or Traefik's.
    pub targets: Vec<Target>,
    /// The process ids of the replicas.
    pub pids: Vec<u32>,
    /// The Redis that carries the messages, with its password.
    pub pubsub_url: String,
}

/// What a check has found.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// What was checked.
    pub name: &'static str,
    /// What was measured, in words.
    pub found: Vec<String>,
    /// What was not as it must be; nothing if the check has passed.
    pub faults: Vec<String>,
    /// How long it took.
    pub seconds: f64,
}

impl Report {
    /// Turns a check that has not passed into an error.
    ///
    /// # Errors
    /// When it has not passed, with all that was found.
    pub fn ensure_passed(&self) -> anyhow::Result<()> {
        if self.faults.is_empty() {
            return Ok(());
        }
        bail!("{self}")
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verdict = if self.faults.is_empty() {
            "passed"
        } else {
            "FAILED"
        };
        writeln!(f, "{}: {verdict} in {:.1} s", self.name, self.seconds)?;
        for line in &self.found {
            writeln!(f, "  {line}")?;
        }
        for fault in &self.faults {
            writeln!(f, "  FAULT: {fault}")?;
        }
        Ok(())
    }
}

/// Collects what a check finds.
struct Findings {
    name: &'static str,
    begun: Instant,
    found: Vec<String>,
    faults: Vec<String>,
}

impl Findings {
    fn of(name: &'static str) -> Findings {
        Findings {
            name,
            begun: Instant::now(),
            found: Vec::new(),
            faults: Vec::new(),
        }
    }

    fn found(&mut self, line: String) {
        self.found.push(line);
    }

    /// Takes note of a fault unless `holds`.
    fn require(&mut self, holds: bool, fault: impl FnOnce() -> String) {
        if !holds {
            self.faults.push(fault());
        }
    }

    fn report(self) -> Report {
        Report {
            name: self.name,
            found: self.found,
            faults: self.faults,
            seconds: self.begun.elapsed().as_secs_f64(),
        }
    }
}

/// A small run that warms everything up: memory that a first client needs is not the memory of the next.
async fn warm_up(system: &System) -> anyhow::Result<()> {
    let mut plan = crate::Plan::new(system.targets.clone());
    plan.time = std::time::Duration::from_secs(1);
    let quiet: &mut Watch<'_> = &mut |_| {};
    crate::run(&plan, quiet).await?;
    Ok(())
}

fn resident(system: &System) -> anyhow::Result<u64> {
    memory::resident(&system.pids)
}

fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}
