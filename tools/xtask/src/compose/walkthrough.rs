//! Types the commands of a walkthrough into a terminal, as learners with Docker Compose do.

use std::path::Path;

use anyhow::{bail, ensure};
use course::{
    ConsoleBlock, Engine, Lesson, Output, Place, Walkthrough, report::Done, run_walkthrough,
};
use regex::Regex;
use stack::{Compose, workspace_root};
use tokio::{runtime::Handle, sync::watch};

use crate::{
    native::{with_ports, without_ports},
    terminal::Terminal,
};

/// Runs the commands of the walkthrough of `lesson`, which stands in `dir`, and counts its blocks: passed and failed.
///
/// # Errors
/// When a block has failed, or could not be run.
pub async fn run(
    compose: &Compose,
    dir: &Path,
    lesson: &Lesson,
    record: bool,
    interrupted: watch::Receiver<bool>,
    blocks: &mut (usize, usize),
) -> anyhow::Result<Done> {
    let walkthrough = Walkthrough::read(&workspace_root(), lesson)?;
    course::checkout::make(dir)?;
    let mut engine = WithCompose::open(compose, dir, interrupted).await?;
    println!();
    let report =
        tokio::task::block_in_place(|| run_walkthrough(&walkthrough, &mut engine, record))?;
    drop(engine);
    // Whatever the walkthrough left running, the steps after it start from nothing.
    compose.down().await?;
    *blocks = (report.passed, report.failed);
    print!("  walkthrough: ");
    ensure!(report.failed == 0, "{} of its blocks failed", report.failed);
    Ok(Done::Passed)
}

/// A terminal in which somebody works with Docker Compose.
pub struct WithCompose {
    compose: Compose,
    terminal: Terminal,
    interrupted: watch::Receiver<bool>,
}

impl WithCompose {
    /// Opens one in `dir`.
    ///
    /// # Errors
    /// When there is none to be had.
    pub async fn open(
        compose: &Compose,
        dir: &Path,
        interrupted: watch::Receiver<bool>,
    ) -> anyhow::Result<Self> {
        Ok(Self {
            compose: compose.clone(),
            terminal: Terminal::open(dir, compose.environment()).await?,
            interrupted,
        })
    }
}

impl Engine for WithCompose {
    fn name(&self) -> &str {
        "Docker Compose"
    }

    fn runs(&self, block: &ConsoleBlock) -> bool {
        matches!(block.place, Place::Anywhere | Place::Docker)
    }

    fn run(&mut self, command: &str) -> anyhow::Result<Output> {
        let port = self.compose.port();
        let (web, published) = (format!("127.0.0.1:{port}"), "127.0.0.1:8080");
        let command = with_container(&with_ports(command, &web, published));
        let mut output = Handle::current().block_on(async {
            tokio::select! {
                // First, so that no command is begun that would start what is being taken down.
                biased;
                Ok(_) = self.interrupted.wait_for(|told| *told) => {
                    self.terminal.interrupt().await?;
                    bail!("interrupted");
                }
                output = self.terminal.enter(&command) => output,
            }
        })?;
        output.text = without_ports(&output.text, &web, published);
        Ok(output)
    }
}

/// Puts a replica that runs into a command for which a learner looks up the id of one, as in `docker stop f821cce0e839`.
fn with_container(command: &str) -> String {
    // The pattern is a constant, and a test runs it; so it cannot fail here.
    let Ok(id) = Regex::new(r"\bdocker (stop|kill|pause|unpause) [0-9a-f]{12}\b") else {
        return command.to_owned();
    };
    let replica = "docker $1 $$(docker compose ps --quiet webserver | head -n 1)";
    id.replace_all(command, replica).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_that_is_looked_up_becomes_a_replica_that_runs() {
        assert_eq!(
            with_container("docker kill 97675ed2aeb2 & sleep 1; wait"),
            "docker kill $(docker compose ps --quiet webserver | head -n 1) & sleep 1; wait"
        );
        let other = "docker compose kill webserver; docker stop web";
        assert_eq!(with_container(other), other);
    }
}
