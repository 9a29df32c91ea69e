//! Proves every lesson: cut, formatted, without a warning, tested, and its walkthrough true.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, anyhow, ensure};

use crate::cargo;
use crate::console::Walkthrough;
use crate::course::Lesson;
use crate::cutter::Cutter;
use crate::process;
use crate::report::{self, Done, Report};
use crate::walkthrough::{Engine, run_walkthrough};

/// The target folder of all cuts, from the root.
const TARGET: &str = "target/lessons/target";

/// What a cut is run with. It is handed in, because it starts servers and a browser, and a tool that cuts texts
/// should be built without either.
pub trait Runner {
    /// The engine on which the walkthrough of `lesson`, cut into `dir`, is run; none skips it.
    ///
    /// # Errors
    /// When the system in `dir` does not start.
    fn engine(&self, dir: &Path, lesson: &Lesson) -> anyhow::Result<Option<Box<dyn Engine>>>;

    /// Runs the tests in a browser of the system that stands in `dir`, built into the folder `target`.
    ///
    /// # Errors
    /// When the system does not start, or a test fails.
    fn browser(&self, dir: &Path, target: &Path) -> anyhow::Result<Done>;
}

/// Checks the lessons named in `names`, or all if there are none, of the working tree at `root`.
///
/// # Errors
/// When a lesson fails. All others are checked nevertheless.
pub fn run(root: &Path, names: &[String], runner: &dyn Runner, record: bool) -> anyhow::Result<()> {
    let cutter = Cutter::of_worktree(root)?;
    let lessons: Vec<_> = if names.is_empty() {
        cutter.course.lessons.iter().collect()
    } else {
        names
            .iter()
            .map(|name| cutter.course.lesson(name))
            .collect::<anyhow::Result<_>>()?
    };
    let mut report = Report::default();
    for lesson in lessons {
        println!("{} ({})", lesson.branch, lesson.title);
        let mut check = Check {
            root,
            cutter: &cutter,
            lesson,
            report: &mut report,
        };
        check.all(runner, record);
    }
    report.conclude()
}

struct Check<'a> {
    root: &'a Path,
    cutter: &'a Cutter,
    lesson: &'a Lesson,
    report: &'a mut Report,
}

impl Check<'_> {
    fn all(&mut self, runner: &dyn Runner, record: bool) {
        let dir = self.root.join("target/lessons").join(&self.lesson.branch);
        // The marks, directives and links are checked by the cut itself.
        let cut = self.step("cut", |check| check.cut(&dir).map(|()| Done::Passed));
        if !cut {
            return;
        }
        let client = dir.join("client");
        let has_client = client.join("package.json").exists();
        if has_client {
            self.step("client", |check| check.client(&client));
        }
        if dir.join("Cargo.toml").exists() {
            self.step("rustfmt", |_| {
                cargo::check_format(&dir).map(|()| Done::Passed)
            });
            let clippy = "clippy --locked --workspace --all-targets -- -D warnings";
            self.step("clippy", |check| check.cargo(&dir, clippy));
            self.step("tests", |check| {
                check.cargo(&dir, "test --locked --workspace")
            });
        }
        if has_client {
            let target = self.root.join(TARGET);
            self.step("browser", |_| runner.browser(&dir, &target));
        }
        self.step("compose", |check| check.compose(&dir));
        self.walkthrough(&dir, runner, record);
    }

    fn cut(&self, dir: &Path) -> anyhow::Result<()> {
        if dir.exists() {
            fs::remove_dir_all(dir).with_context(|| format!("{} is in use", dir.display()))?;
        }
        self.cutter.cut(self.lesson, dir).map(drop)
    }

    fn cargo(&self, dir: &Path, arguments: &str) -> anyhow::Result<Done> {
        let command = cargo::cargo(dir, arguments.split(' '));
        self.quietly(command)
    }

    fn client(&self, dir: &Path) -> anyhow::Result<Done> {
        if !works("npm", dir, &["--version"]) {
            return Ok(Done::Skipped("there is no npm".to_owned()));
        }
        self.quietly(process::command(
            "npm",
            dir,
            ["ci", "--no-fund", "--no-audit"],
        ))?;
        for script in ["check", "test", "build"] {
            self.quietly(process::command("npm", dir, ["run", script]))?;
        }
        Ok(Done::Passed)
    }

    fn compose(&self, dir: &Path) -> anyhow::Result<Done> {
        if !dir.join("docker-compose.yml").exists() {
            return Ok(Done::Skipped("there is no docker-compose.yml".to_owned()));
        }
        if !works("docker", dir, &["compose", "version"]) {
            return Ok(Done::Skipped("there is no Docker Compose".to_owned()));
        }
        self.quietly(process::command("docker", dir, ["compose", "config", "-q"]))
    }

    fn walkthrough(&mut self, dir: &Path, runner: &dyn Runner, record: bool) {
        let mut blocks = None;
        self.step("walkthrough", |check| {
            let walkthrough = Walkthrough::read(check.root, check.lesson)?;
            if walkthrough.blocks.is_empty() {
                return Ok(Done::Skipped("it shows no command".to_owned()));
            }
            let Some(mut engine) = runner.engine(dir, check.lesson)? else {
                return Ok(Done::Skipped("nothing here can run it".to_owned()));
            };
            println!("on {}", engine.name());
            let report = run_walkthrough(&walkthrough, dir, &mut *engine, record)?;
            if report.recorded > 0 {
                println!(
                    "    {} outputs recorded in {}",
                    report.recorded, walkthrough.name
                );
            }
            blocks = Some(report);
            print!("  walkthrough: ");
            ensure!(report.failed == 0, "{} of its blocks failed", report.failed);
            Ok(Done::Passed)
        });
        if let Some(blocks) = blocks {
            self.report.add(blocks.passed, blocks.failed);
        }
    }

    /// Runs one step, says how it went and whether what follows makes sense.
    fn step(&mut self, name: &str, run: impl FnOnce(&Self) -> anyhow::Result<Done>) -> bool {
        let begun = report::begin(name);
        let result = run(self);
        self.report.end(begun, result)
    }

    /// Runs `command`, which is heard only when it fails.
    fn quietly(&self, mut command: Command) -> anyhow::Result<Done> {
        // All cuts share one target folder, so that their dependencies are built once.
        command.env("CARGO_TARGET_DIR", self.root.join(TARGET));
        command.env("PATH", path_with_tools(self.root)?);
        let output = process::finish(&mut command, &[])?;
        if output.status.success() {
            return Ok(Done::Passed);
        }
        let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Err(anyhow!("{}{}", said(&output.stdout), said(&output.stderr)))
    }
}

/// The search path, with the folder first into which this repository installs its servers.
pub fn path_with_tools(root: &Path) -> anyhow::Result<std::ffi::OsString> {
    let own = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::iter::once(root.join("target/tools/bin")).chain(std::env::split_paths(&own));
    std::env::join_paths(folders.collect::<Vec<PathBuf>>()).context("PATH cannot be extended")
}

fn works(program: &str, dir: &Path, arguments: &[&str]) -> bool {
    process::output(&mut process::command(program, dir, arguments), &[]).is_ok()
}
