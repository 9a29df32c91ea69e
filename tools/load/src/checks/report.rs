//! What comes of a check.

use std::{
    fmt,
    time::{Duration, Instant},
};

use anyhow::bail;
use serde::Serialize;

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
pub struct Findings {
    name: &'static str,
    begun: Instant,
    /// What was measured, in words.
    pub found: Vec<String>,
    /// What is not as it must be.
    pub faults: Vec<String>,
}

impl Findings {
    /// Of the check of this name, which begins now.
    pub fn of(name: &'static str) -> Findings {
        Findings {
            name,
            begun: Instant::now(),
            found: Vec::new(),
            faults: Vec::new(),
        }
    }

    /// Takes note of what was measured.
    pub fn found(&mut self, line: String) {
        self.found.push(line);
    }

    /// Takes note of a fault unless `holds`.
    pub fn require(&mut self, holds: bool, fault: impl FnOnce() -> String) {
        if !holds {
            self.faults.push(fault());
        }
    }

    /// For how long the check has been going on.
    pub fn elapsed(&self) -> Duration {
        self.begun.elapsed()
    }

    /// The end of the check.
    pub fn report(self) -> Report {
        Report {
            name: self.name,
            found: self.found,
            faults: self.faults,
            seconds: self.begun.elapsed().as_secs_f64(),
        }
    }
}
