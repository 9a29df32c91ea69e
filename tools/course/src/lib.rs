//! The course tool: cuts the lesson branches out of main, and proves that each one works. `cargo xtask lessons` is its front door.
//!
//! `lessons/lessons.toml` says with which lesson a whole file enters; a few marked lines say the
//! same of themselves. ARCHITECTURE.md describes both from the author's side.

mod agenda;
mod anchors;
mod audit;
mod branches;
mod budget;
mod cargo;
mod ceilings;
mod check;
pub mod checkout;
mod choice;
mod console;
mod course;
mod cut_text;
mod cutter;
mod derive;
mod digest;
mod directives;
mod exercises;
mod governed;
mod links;
mod markdown;
mod marks;
mod mentions;
mod own;
mod own_files;
pub mod process;
mod proofs;
pub mod report;
mod shape;
mod source;
mod tree;
mod trial;
mod variants;
mod walkthrough;

#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

use clap::Subcommand;

pub use agenda::{Agenda, Candidates, Subject};
pub use check::{Runner, path_with_tools};
pub use choice::Choice;
pub use console::{ConsoleBlock, Place, Walkthrough};
pub use course::{Course, Lesson};
pub use cutter::{Cutter, cut_into, root};
pub use proofs::{Half, MAIN};
pub use trial::Trial;
pub use walkthrough::{Engine, Output, run_walkthrough};

/// What can be done with the lessons.
#[derive(Debug, Subcommand)]
pub enum LessonsCommand {
    /// Show the lessons, each with the problem that it leaves for the next.
    List {
        /// As JSON for other programs: number, branch, title, and which halves are proven. Takes seconds: each is cut.
        #[arg(long)]
        json: bool,
    },
    /// Cut one lesson from the working tree into an empty folder.
    Cut {
        /// The lesson's number or branch.
        lesson: String,
        /// The folder, which must be absent or empty.
        dir: PathBuf,
    },
    /// Show how many marks there are, and how many there may be.
    Marks {
        /// Take away every mark of a line that vanishes by itself.
        #[arg(long)]
        strip: bool,
    },
    /// Say that the lessons' own files were looked at after main's had changed.
    Looked {
        /// Their paths, or those of main's files.
        #[arg(required_unless_present = "all")]
        paths: Vec<String>,
        /// All of them.
        #[arg(long, conflicts_with = "paths")]
        all: bool,
    },
    /// Make or update the branches of all lessons from the last commit.
    Branches,
    /// Prove lessons of the working tree natively: cut, lint and test them and run their walkthroughs.
    Check {
        /// Their numbers or branches; those that are not proven if none is named.
        lessons: Vec<String>,
        /// How much is proven, and for how long.
        #[command(flatten)]
        choice: Choice,
        /// Write outputs of another shape into the walkthroughs.
        #[arg(long)]
        record: bool,
    },
}

/// Runs `command` on the repository that the current folder is in.
///
/// `runner` runs a cut for [`LessonsCommand::Check`]. All of this blocks the thread.
///
/// # Errors
/// When the command fails; the error says what to do.
pub fn run(command: LessonsCommand, runner: &dyn Runner) -> anyhow::Result<()> {
    let root = root()?;
    match command {
        LessonsCommand::List { json: false } => list(&Course::read(&root)?),
        LessonsCommand::List { json: true } => println!("{:#}", listing(&root)?),
        LessonsCommand::Cut { lesson, dir } => return cut(&root, &lesson, &dir),
        LessonsCommand::Marks { strip } => return marks(&root, strip),
        LessonsCommand::Looked { paths, .. } => {
            let cutter = cutter::Cutter::of_worktree(&root)?;
            let count = variants::looked(&root, &cutter, &paths)?;
            println!("Written down for {count} files.");
        }
        LessonsCommand::Branches => return branches::run(&root),
        LessonsCommand::Check {
            lessons,
            choice,
            record,
        } => {
            sound(&root)?;
            return check::run(&root, &lessons, choice, runner, record);
        }
    }
    Ok(())
}

fn list(course: &Course) {
    let width = |text: fn(&Lesson) -> &str| {
        course
            .lessons
            .iter()
            .map(|lesson| text(lesson).chars().count())
            .max()
            .unwrap_or(0)
    };
    let (branch, title) = (
        width(|lesson| &lesson.branch),
        width(|lesson| &lesson.title),
    );
    for lesson in &course.lessons {
        let Lesson {
            number,
            branch: name,
            title: words,
            problem,
            ..
        } = lesson;
        println!("{number:>2}  {name:branch$}  {words:title$}  {problem}");
    }
}

/// Refuses what would make each cut a little worse and no single one wrong.
fn sound(root: &Path) -> anyhow::Result<()> {
    let cutter = cutter::Cutter::of_worktree(root)?;
    sparing(&cutter)?;
    variants::check(root, &cutter)
}

/// Refuses marks that are too many or say nothing.
fn sparing(cutter: &cutter::Cutter) -> anyhow::Result<()> {
    budget::Budget::of(cutter)?.check()?;
    audit::check(cutter)
}

fn marks(root: &Path, strip: bool) -> anyhow::Result<()> {
    if strip {
        println!("{} marks taken away.", audit::strip(root)?);
    }
    let cutter = cutter::Cutter::of_worktree(root)?;
    print!("{}", budget::Budget::of(&cutter)?);
    sparing(&cutter)
}

/// The lessons with what of them is proven.
fn listing(root: &Path) -> anyhow::Result<serde_json::Value> {
    let cutter = cutter::Cutter::of_worktree(root)?;
    let proofs = proofs::Proofs::read(root)?;
    let now = jiff::Timestamp::now();
    let lesson = |lesson: &Lesson| {
        let digest = digest::of_lesson(&cutter, lesson)?;
        let proven = |half| {
            let proof = proofs.get(&lesson.branch, half);
            proof.is_some_and(|proof| proof.holds_for(&digest, now))
        };
        Ok(serde_json::json!({
            "number": lesson.number,
            "branch": lesson.branch,
            "title": lesson.title,
            "proven": { "native": proven(Half::Native), "compose": proven(Half::Compose) },
        }))
    };
    cutter.course.lessons.iter().map(lesson).collect()
}

fn cut(root: &Path, lesson: &str, dir: &Path) -> anyhow::Result<()> {
    let cutter = cutter::Cutter::of_worktree(root)?;
    let lesson = cutter.course.lesson(lesson)?;
    sparing(&cutter)?;
    if let Err(error) = variants::check(root, &cutter) {
        eprintln!("warning: {error:#}");
    }
    let cut = cutter.cut(lesson, dir)?;
    println!(
        "Cut {} ({}): {} files.",
        lesson.branch,
        lesson.title,
        cut.len()
    );
    println!("Next: cd {} && docker compose up --build", dir.display());
    Ok(())
}
