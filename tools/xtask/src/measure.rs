//! `cargo xtask load`, `bench` and `chaos`: the tools of the crates of these names, built in release mode, and how long
//! it takes to go from one lesson to the next.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context, bail};
use course::{Course, Lesson, process};
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use stack::workspace_root;
use tokio::io::{AsyncBufReadExt, BufReader};

use crate::tools;

/// What is passed on.
#[derive(clap::Args)]
pub struct Options {
    /// Words for the tool; --help shows them
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    words: Vec<String>,
}

/// Runs the load tool; after `--game` the one whose clients play.
pub fn load(options: &Options) -> anyhow::Result<()> {
    match &options.words[..] {
        [game, words @ ..] if game == "--game" => run("herd", "herd", words),
        words => run("load", "load", words),
    }
}

/// Runs the fan-out benchmark; after `--against LESSON` with that lesson's web server beside; after `--game` that of the game; after `--cuts`
/// measures how a player gets over a network that is gone for a while; or, with the one word `--lessons`, the way from lesson to lesson.
pub async fn bench(options: &Options) -> anyhow::Result<()> {
    match &options.words[..] {
        [lessons] if lessons == "--lessons" => from_lesson_to_lesson().await,
        [against, lesson, words @ ..] if against == "--against" => {
            let binary = web_server_of(lesson)?.display().to_string();
            run(
                "bench",
                "bench",
                &[words, &["--before".to_owned(), binary]].concat(),
            )
        }
        [game, words @ ..] if game == "--game" => run("bench", "game", words),
        [cuts, words @ ..] if cuts == "--cuts" => run("bench", "cuts", words),
        words => run("bench", "bench", words),
    }
}

/// Cuts a lesson, builds its web server in release mode, and gives the binary.
fn web_server_of(lesson: &str) -> anyhow::Result<PathBuf> {
    let root = workspace_root();
    let course = Course::read(&root)?;
    let cut = tempfile::tempdir().context("cannot create a temporary folder")?;
    course::cut_into(&root, course.lesson(lesson)?, cut.path())?;
    let target = root.join("target/bench/against");
    println!("Building the web server of lesson {lesson}; the first time this takes minutes.");
    let mut build = Command::new("cargo");
    build
        .args(["build", "--release", "--locked", "--package", "webserver"])
        .current_dir(cut.path())
        .env("CARGO_TARGET_DIR", &target);
    process::show(&mut build)?;
    Ok(target.join("release/webserver"))
}

/// Runs the scenario runner; after `--game` the one whose clients play.
pub fn chaos(options: &Options) -> anyhow::Result<()> {
    match &options.words[..] {
        [game, words @ ..] if game == "--game" => run("chaos", "chaos-game", words),
        words => run("chaos", "chaos", words),
    }
}

fn run(package: &str, tool: &str, words: &[String]) -> anyhow::Result<()> {
    tools::run()?;
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command
        .args(["run", "--release", "--locked", "--package", package])
        .args(["--bin", tool, "--"])
        .args(words)
        // On a fresh machine the servers are nowhere but there.
        .env("PATH", course::path_with_tools(&workspace_root())?)
        .current_dir(workspace_root());
    process::show(&mut command)
}

/// Measures the time from `git switch` to an answer of every replica through Traefik, natively: first with nothing built,
/// then from each lesson to the next, twice. The second time all caches are warm.
async fn from_lesson_to_lesson() -> anyhow::Result<()> {
    tools::run()?;
    let root = workspace_root();
    let course = Course::read(&root)?;
    let folder = root.join("target/bench");
    if folder.exists() {
        fs::remove_dir_all(&folder).with_context(|| format!("{} is in use", folder.display()))?;
    }
    let checkout = folder.join("checkout");
    commit_all(&root, &course.lessons, &checkout)?;
    let last = course.lessons.last().context("there is no lesson")?;
    println!("Building {} with nothing built before.", last.branch);
    let cold = answering(&checkout, last).await?;
    println!("{:<26} {:>7.1} s", "cold build", cold.as_secs_f64());
    for round in ["first visit", "warm caches"] {
        for lesson in &course.lessons {
            let time = answering(&checkout, lesson).await?;
            println!(
                "{:<26} {:>7.1} s, {:.2} of the cold build ({round})",
                lesson.branch,
                time.as_secs_f64(),
                time.as_secs_f64() / cold.as_secs_f64(),
            );
        }
    }
    Ok(())
}

/// Makes a repository of its own with a branch for each lesson. The real branches belong to whoever works here.
fn commit_all(root: &Path, lessons: &[Lesson], checkout: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(checkout)
        .with_context(|| format!("cannot create {}", checkout.display()))?;
    process::read(&mut process::git(checkout, ["init", "--quiet", "."]))?;
    let git_dir = format!("--git-dir={}", checkout.join(".git").display());
    for lesson in lessons {
        let cut = tempfile::tempdir().context("cannot create a temporary folder")?;
        course::cut_into(root, lesson, cut.path())?;
        let work_tree = format!("--work-tree={}", cut.path().display());
        let git = |words: &[&str]| {
            let words = [&[git_dir.as_str(), work_tree.as_str()], words].concat();
            process::read(&mut process::git(cut.path(), words))
        };
        git(&["add", "--all"])?;
        let who = ["-c", "user.name=bench", "-c", "user.email=bench@localhost"];
        git(&[
            &who[..],
            &["commit", "--quiet", "--message", &lesson.branch],
        ]
        .concat())?;
        git(&["branch", "--force", &lesson.branch])?;
    }
    Ok(())
}

/// Does what a learner does, and waits until everything is ready.
async fn answering(checkout: &Path, lesson: &Lesson) -> anyhow::Result<Duration> {
    let begun = Instant::now();
    let switch = ["switch", "--quiet", "--force", &lesson.branch];
    process::read(&mut process::git(checkout, switch))?;
    let mut up = tokio::process::Command::new("cargo")
        .args(["run", "--quiet", "--locked", "--package", "stack"])
        .current_dir(checkout)
        .env("CARGO_TARGET_DIR", checkout.with_file_name("target"))
        .env("PATH", course::path_with_tools(&workspace_root())?)
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .context("cargo cannot be started")?;
    let output = up.stdout.take().context("cargo has no output")?;
    let mut lines = BufReader::new(output).lines();
    while let Some(line) = lines.next_line().await? {
        if line == "Everything is ready:" {
            let time = begun.elapsed();
            stop(&mut up).await?;
            return Ok(time);
        }
    }
    bail!("{} ended before it was ready", lesson.branch)
}

async fn stop(up: &mut tokio::process::Child) -> anyhow::Result<()> {
    if let Some(id) = up.id() {
        kill(Pid::from_raw(i32::try_from(id)?), Signal::SIGTERM)?;
    }
    up.wait().await.context("cargo cannot be waited for")?;
    Ok(())
}
