//! Steps that pass, fail or are skipped, told as they happen and counted.

use std::{io::Write, time::Instant};

use anyhow::bail;

/// How a step that did not fail ended.
pub enum Done {
    /// It found what it looked for.
    Passed,
    /// It could not run here, for this reason. It counts as skipped, never as passed.
    Skipped(String),
}

/// How many steps ended how.
#[derive(Debug, Default)]
pub struct Report {
    /// Steps that found what they looked for.
    pub passed: usize,
    /// Steps that did not.
    pub failed: usize,
    /// Steps that could not run here.
    pub skipped: usize,
}

impl Report {
    /// Runs one step, tells how it went, and says whether what follows from it makes sense.
    pub fn step(&mut self, name: &str, run: impl FnOnce() -> anyhow::Result<Done>) -> bool {
        let begun = begin(name);
        self.end(begun, run())
    }

    /// Like [`Report::step`], for a step that waits.
    pub async fn wait_for(
        &mut self,
        name: &str,
        run: impl Future<Output = anyhow::Result<Done>>,
    ) -> bool {
        let begun = begin(name);
        let result = run.await;
        self.end(begun, result)
    }

    /// Adds the parts of a step, such as the blocks of a walkthrough. Those that are for another engine run
    /// there, so they do not count as skipped here.
    pub fn add(&mut self, passed: usize, failed: usize) {
        self.passed += passed;
        self.failed += failed;
    }

    /// Tells the sums.
    ///
    /// # Errors
    /// When any step has failed.
    pub fn conclude(&self) -> anyhow::Result<()> {
        println!(
            "{} passed, {} failed, {} skipped",
            self.passed, self.failed, self.skipped
        );
        if self.failed > 0 {
            bail!("{} of the steps above failed", self.failed);
        }
        Ok(())
    }

    /// Tells how a step went that [`begin`] has announced.
    pub fn end(&mut self, begun: Instant, result: anyhow::Result<Done>) -> bool {
        let seconds = begun.elapsed().as_secs_f32();
        match &result {
            Ok(Done::Passed) => {
                self.passed += 1;
                println!("passed in {seconds:.1} s");
            }
            Ok(Done::Skipped(reason)) => {
                self.skipped += 1;
                println!("skipped: {reason}");
            }
            Err(error) => {
                self.failed += 1;
                println!("FAILED after {seconds:.1} s\n{error:#}");
            }
        }
        result.is_ok()
    }
}

/// Announces a step.
pub fn begin(name: &str) -> Instant {
    print!("  {name}: ");
    // The line is complete only when the step is, which may take minutes. Nobody may be reading it at all.
    let _ = std::io::stdout().flush();
    Instant::now()
}
