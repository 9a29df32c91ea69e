//! The exercises whose checks ask Docker.

use std::path::Path;

use anyhow::{Context, ensure};
use course::{Cutter, Engine, Lesson, Trial, report::Report};
use stack::{Compose, let_containers_read, workspace_root};
use tokio::{runtime::Handle, sync::watch};

use super::walkthrough::WithCompose;

/// Tries those of `lesson`, which was cut into `dir`.
pub fn run(
    compose: &Compose,
    cutter: &Cutter,
    lesson: &Lesson,
    dir: &Path,
    scales: &[(&str, usize)],
    interrupted: &watch::Receiver<bool>,
    report: &mut Report,
) {
    let root = workspace_root();
    let trial = Trial {
        root: &root,
        cutter,
        lesson,
        dir,
    };
    let scales = scales
        .iter()
        .map(|(name, count)| format!(" --scale {name}={count}"));
    let up = format!(
        "docker compose up --build --detach --wait{}",
        scales.collect::<String>()
    );
    let mut start = || {
        let_containers_read(dir)?;
        let opened = Handle::current().block_on(async {
            compose.down().await?;
            WithCompose::open(compose, dir, interrupted.clone()).await
        });
        let mut engine = opened.context("no shell")?;
        // As a learner starts it.
        let started = engine.run(&up)?;
        ensure!(started.status == 0, "`{up}` failed:\n{}", started.text);
        Ok(Box::new(engine) as Box<dyn Engine>)
    };
    tokio::task::block_in_place(|| trial.run(true, &mut start, report));
}
