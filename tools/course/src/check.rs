//! Proves lessons natively: each is cut, formatted, without a warning, tested, and its walkthrough true.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, anyhow, ensure};

use crate::agenda::{Agenda, Candidates};
use crate::choice::Choice;
use crate::console::Walkthrough;
use crate::course::Lesson;
use crate::cutter::Cutter;
use crate::proofs::Half;
use crate::report::{self, Done, Report};
use crate::tree::{self, Tree};
use crate::trial::Trial;
use crate::walkthrough::{Engine, run_walkthrough};
use crate::{cargo, checkout, own, process};

/// The target folder of all cuts, from the root.
const TARGET: &str = "target/lessons/target";

/// How a cut is built.
const BUILD: &str = "build --locked --workspace";

/// What a cut is run with. It is handed in, because it starts servers and a browser, and a tool that cuts texts
/// should be built without either.
pub trait Runner {
    /// The engine on which the walkthrough of `lesson`, cut into `dir`, is run; none skips it.
    ///
    /// # Errors
    /// When the system in `dir` does not start.
    fn engine(&self, dir: &Path, lesson: &Lesson) -> anyhow::Result<Option<Box<dyn Engine>>>;

    /// Runs the tests in a browser that `names` mean, or all if there are none, of the system that stands in `dir`, built into
    /// the folder `target`.
    ///
    /// # Errors
    /// When the system does not start, or a test fails.
    fn browser(&self, dir: &Path, target: &Path, names: &[String]) -> anyhow::Result<Done>;
}

/// Proves the lessons named in `names`, or those that are not proven if there are none, of the working tree at `root`, and
/// whatever else `choice` says.
///
/// # Errors
/// When a lesson fails, or there is no time for one. All others are checked nevertheless.
pub fn run(
    root: &Path,
    names: &[String],
    choice: Choice,
    runner: &dyn Runner,
    record: bool,
) -> anyhow::Result<()> {
    let agenda = Agenda::open(root, Half::Native, Candidates::Lessons, names, choice)?;
    prove(root, agenda, runner, record)
}

/// Proves what is on `agenda`.
///
/// # Errors
/// As [`run`].
pub(crate) fn prove(
    root: &Path,
    mut agenda: Agenda,
    runner: &dyn Runner,
    record: bool,
) -> anyhow::Result<()> {
    let _lock = alone(root)?;
    let mut report = Report::default();
    while let Some(subject) = agenda.next_subject() {
        // Main is proven by `cargo xtask test`.
        let Some(lesson) = &subject.lesson else {
            continue;
        };
        println!("{} ({})", lesson.branch, lesson.title);
        let mut check = Check {
            root,
            cutter: agenda.cutter(),
            lesson,
            everything: agenda.everything(),
            report: &mut report,
            failed: false,
            reason: None,
        };
        if agenda.only_exercises() {
            check.only_exercises(runner);
        } else {
            check.all(runner, record);
        }
        match (check.failed, check.reason) {
            (true, _) => agenda.failed(&subject)?,
            (false, Some(reason)) => agenda.incomplete(&subject, &reason),
            (false, None) => agenda.passed(subject)?,
        }
    }
    let steps = report.conclude();
    agenda.conclude()?;
    steps
}

/// Waits until no other check runs. All cuts are built into one folder, so two at once would run each other's servers.
fn alone(root: &Path) -> anyhow::Result<File> {
    let folder = root.join("target/lessons");
    fs::create_dir_all(&folder)?;
    let path = folder.join("lock");
    let lock = File::create(&path).with_context(|| format!("cannot write {}", path.display()))?;
    if lock.try_lock().is_err() {
        println!("Another check of lessons is running, and is waited for.");
        lock.lock()?;
    }
    Ok(lock)
}

struct Check<'a> {
    root: &'a Path,
    cutter: &'a Cutter,
    lesson: &'a Lesson,
    everything: bool,
    report: &'a mut Report,
    failed: bool,
    /// Why this is no proof, though nothing has failed.
    reason: Option<String>,
}

impl Check<'_> {
    fn only_exercises(&mut self, runner: &dyn Runner) {
        self.reason = Some("only its exercises were tried".to_owned());
        if let Some((dir, _)) = self.begin() {
            self.exercises(&dir, runner);
        }
    }

    /// The cut, with its client built.
    fn begin(&mut self) -> Option<(PathBuf, Tree)> {
        let dir = self.root.join("target/lessons").join(&self.lesson.branch);
        let mut files = Tree::new();
        // The marks, directives and links are checked by the cut itself.
        self.step("cut", |check| {
            files = check.cut(&dir)?;
            Ok(Done::Passed)
        });
        if self.failed {
            return None;
        }
        let client = dir.join("client");
        if client.join("package.json").exists() {
            self.step("client", |check| check.client(&client));
        }
        Some((dir, files))
    }

    fn all(&mut self, runner: &dyn Runner, record: bool) {
        let Some((dir, files)) = self.begin() else {
            return;
        };
        if dir.join("Cargo.toml").exists() {
            self.step("rustfmt", |_| {
                cargo::check_format(&dir).map(|()| Done::Passed)
            });
            let clippy = "clippy --locked --workspace --all-targets -- -D warnings";
            self.step("clippy", |check| check.cargo(&dir, clippy));
            self.step("build", |check| check.cargo(&dir, BUILD));
            self.step("tests", |check| check.tests(&dir, &files));
        }
        if dir.join("client/package.json").exists() {
            self.step("browser", |check| check.browser(&dir, &files, runner));
        }
        // Whether Compose can read its file. It does not belong to this half, so a machine without it proves this half all the same.
        let begun = report::begin("compose");
        let compose = self.compose(&dir);
        self.failed |= !self.report.end(begun, compose);
        self.walkthrough(&dir, runner, record);
        self.exercises(&dir, runner);
    }

    /// Those that are about Compose belong to the other half.
    fn exercises(&mut self, dir: &Path, runner: &dyn Runner) {
        let trial = Trial {
            root: self.root,
            cutter: self.cutter,
            lesson: self.lesson,
            dir,
        };
        let mut start = || {
            // The engine builds what it runs once in each process, and these are changed again and again.
            if dir.join("Cargo.toml").exists() {
                quietly(self.root, cargo::cargo(dir, BUILD.split(' ')))?;
            }
            let engine = runner.engine(dir, self.lesson)?;
            engine.context("nothing here can run it")
        };
        let failed = self.report.failed;
        trial.run(false, &mut start, self.report);
        self.failed |= self.report.failed > failed;
    }

    fn tests(&self, dir: &Path, files: &Tree) -> anyhow::Result<Done> {
        for tests in own::rust_tests(self.lesson, files, self.everything) {
            let arguments = tests.arguments.iter().map(String::as_str);
            let said = quietly(self.root, cargo::cargo(dir, arguments))?;
            let found = said.lines().any(|line| {
                let count = line.strip_prefix("running ");
                count.is_some_and(|count| !count.starts_with("0 "))
            });
            ensure!(
                found || !tests.must_find,
                "`cargo {}` found no test",
                tests.arguments.join(" ")
            );
        }
        Ok(Done::Passed)
    }

    fn browser(&self, dir: &Path, files: &Tree, runner: &dyn Runner) -> anyhow::Result<Done> {
        let names = if self.everything {
            Vec::new()
        } else {
            let names = own::browser_tests(self.cutter, self.lesson, files)?;
            if names.is_empty() {
                print!("none of its own, ");
                return Ok(Done::Passed);
            }
            names
        };
        runner.browser(dir, &self.root.join(TARGET), &names)
    }

    fn cut(&self, dir: &Path) -> anyhow::Result<Tree> {
        if dir.exists() {
            fs::remove_dir_all(dir).with_context(|| format!("{} is in use", dir.display()))?;
        }
        self.cutter.cut(self.lesson, dir)
    }

    fn cargo(&self, dir: &Path, arguments: &str) -> anyhow::Result<Done> {
        let command = cargo::cargo(dir, arguments.split(' '));
        quietly(self.root, command).map(|_| Done::Passed)
    }

    fn client(&self, dir: &Path) -> anyhow::Result<Done> {
        if !works("npm", dir, &["--version"]) {
            return Ok(Done::Skipped("there is no npm".to_owned()));
        }
        quietly(
            self.root,
            process::command("npm", dir, ["ci", "--no-fund", "--no-audit"]),
        )?;
        for script in ["check", "test", "build"] {
            quietly(self.root, process::command("npm", dir, ["run", script]))?;
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
        let command = process::command("docker", dir, ["compose", "config", "-q"]);
        quietly(self.root, command).map(|_| Done::Passed)
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
            checkout::make(dir)?;
            let report = run_walkthrough(&walkthrough, &mut *engine, record)?;
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
        // Outputs were recorded, or somebody is writing at this very time.
        let path = format!("lessons/{}/README.md", self.lesson.branch);
        let read = tree::read(&self.root.join(&path)).ok().flatten();
        if read.as_ref() != self.cutter.main().get(&path) {
            self.reason
                .get_or_insert("its walkthrough has changed meanwhile".to_owned());
        }
    }

    /// Runs one step, says how it went, and remembers what that means for the proof.
    fn step(&mut self, name: &str, run: impl FnOnce(&Self) -> anyhow::Result<Done>) {
        let begun = report::begin(name);
        let result = run(self);
        if let Ok(Done::Skipped(why)) = &result {
            self.reason
                .get_or_insert(format!("{name} was skipped, because {why}"));
        }
        self.failed |= !self.report.end(begun, result);
    }
}

/// Runs `command`, which is heard only when it fails, and returns what it wrote to its standard output.
fn quietly(root: &Path, mut command: Command) -> anyhow::Result<String> {
    // All cuts share one target folder, so that their dependencies are built once.
    command.env("CARGO_TARGET_DIR", root.join(TARGET));
    command.env("PATH", path_with_tools(root)?);
    let output = process::finish(&mut command, &[])?;
    let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let text = said(&output.stdout);
    if output.status.success() {
        return Ok(text);
    }
    Err(anyhow!("{text}{}", said(&output.stderr)))
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
