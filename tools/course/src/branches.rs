//! Makes the lesson branches from the last commit, and never over a learner's work.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, bail, ensure};

use crate::course::Lesson;
use crate::cutter::Cutter;
use crate::process::{self, git};
use crate::tree::{Mode, Tree};

/// The author and committer of every lesson. By this address the tool knows its own commits.
const NAME: &str = "goatscale lessons";
const EMAIL: &str = "lessons@goatscale.invalid";
/// The date of lesson 0, 2026-01-01T00:00:00Z; each lesson is an hour later. No real date, for
/// the same main must give the same commits whenever the branches are made.
const DATE: u64 = 1_767_225_600;

/// Makes or updates the branches of all lessons in the repository at `root`.
///
/// # Errors
/// When a lesson cannot be cut, or a branch is not ours to change. Then no branch has changed.
pub fn run(root: &Path) -> anyhow::Result<()> {
    ensure!(
        root.join(".git").exists(),
        "{} is no git repository, so it can have no branches; clone it instead of downloading a ZIP",
        root.display()
    );
    let cutter = Cutter::of_commit(root, "HEAD")?;
    if !process::text(&mut git(root, ["status", "--porcelain"]), &[])?.is_empty() {
        println!("Your uncommitted changes are not in the branches, which hold what is committed.");
    }
    let mut branches = Vec::new();
    let mut parent = None;
    for lesson in &cutter.course.lessons {
        let dir = tempfile::tempdir()?;
        let cut = cutter.cut(lesson, dir.path())?;
        let commit = commit(root, lesson, &cut, dir.path(), parent.as_deref())?;
        parent = Some(commit.clone());
        branches.push((lesson.branch.as_str(), commit));
    }
    let changes = plan(root, &branches)?;
    update(root, &changes)?;
    for Change { branch, new, kind } in &changes {
        println!("{} {branch} {}", new.get(..10).unwrap_or(new), kind.word());
    }
    if let Some((branch, _)) = branches.first() {
        println!("Next: git switch {branch}");
    }
    Ok(())
}

/// Writes the commit of `lesson`, whose files are `cut` and stand in `dir`, and returns its id.
fn commit(
    root: &Path,
    lesson: &Lesson,
    cut: &Tree,
    dir: &Path,
    parent: Option<&str>,
) -> anyhow::Result<String> {
    let scratch = tempfile::tempdir()?;
    let index = scratch.path().join("index");
    let entries = blobs(root, cut, dir)?;
    let mut add = git(root, ["update-index", "-z", "--index-info"]);
    process::output(add.env("GIT_INDEX_FILE", &index), entries.as_bytes())?;
    let tree = process::text(git(root, ["write-tree"]).env("GIT_INDEX_FILE", &index), &[])?;
    let Lesson {
        number,
        title,
        adds,
        problem,
        ..
    } = lesson;
    let message =
        format!("Lesson {number}: {title}\n\n{adds}\n\nWhat is left to solve: {problem}\n");
    // Nothing of the person's own configuration may reach the commit: it would change its id.
    let fixed = [
        "-c",
        "i18n.commitEncoding=UTF-8",
        "commit-tree",
        "--no-gpg-sign",
        "-F",
        "-",
    ];
    let mut command = git(root, fixed);
    command
        .args(parent.map(|parent| ["-p", parent]).into_iter().flatten())
        .arg(tree);
    let date = format!("{} +0000", DATE + 3600 * *number as u64);
    for role in ["AUTHOR", "COMMITTER"] {
        command.env(format!("GIT_{role}_NAME"), NAME);
        command.env(format!("GIT_{role}_EMAIL"), EMAIL);
        command.env(format!("GIT_{role}_DATE"), &date);
    }
    process::text(&mut command, message.as_bytes())
}

/// Stores the files of `cut` and returns them as `git update-index --index-info` wants them.
fn blobs(root: &Path, cut: &Tree, dir: &Path) -> anyhow::Result<String> {
    // Without filters, so that `core.autocrlf` and the like do not change a byte.
    let store = |arguments: &[&str], input: &[u8]| {
        let arguments = [&["hash-object", "-w", "--no-filters"], arguments].concat();
        process::text(&mut git(root, arguments), input)
    };
    let (links, files): (Vec<_>, Vec<_>) =
        cut.iter().partition(|(_, file)| file.mode == Mode::Link);
    let mut paths = String::new();
    for (path, _) in &files {
        ensure!(
            !path.contains('\n'),
            "the path {path:?} must not hold a line break"
        );
        paths += &format!(
            "{}\n",
            dir.join(path).to_str().context("the folder is not UTF-8")?
        );
    }
    // One process stores all files. It would follow a link, so those come one by one.
    let ids = store(&["--stdin-paths"], paths.as_bytes())?;
    let mut ids: Vec<_> = ids.lines().map(str::to_owned).collect();
    for (_, link) in &links {
        ids.push(store(&["--stdin"], &link.bytes)?);
    }
    let all = files.iter().chain(&links).zip(&ids);
    Ok(all
        .map(|((path, file), id)| format!("{} {id}\t{path}\0", file.mode.git()))
        .collect())
}

/// What is to happen to one branch.
struct Change<'a> {
    branch: &'a str,
    new: String,
    kind: Kind,
}

enum Kind {
    Create,
    Update { old: String },
    Keep,
}

impl Kind {
    fn word(&self) -> &'static str {
        match self {
            Self::Create => "created",
            Self::Update { .. } => "updated",
            Self::Keep => "unchanged",
        }
    }
}

/// Looks at every branch before any is changed.
fn plan<'a>(root: &Path, branches: &[(&'a str, String)]) -> anyhow::Result<Vec<Change<'a>>> {
    let format = "--format=%(refname:lstrip=2) %(objectname) %(symref)";
    let list = process::text(&mut git(root, ["for-each-ref", format, "refs/heads"]), &[])?;
    let existing: BTreeMap<_, _> = list
        .lines()
        .filter_map(|line| line.split_once(' '))
        .collect();
    let checked_out = checked_out(root)?;
    let mut changes = Vec::new();
    for (branch, new) in branches {
        let folder = format!("{branch}/");
        if let Some(other) = existing.keys().find(|other| other.starts_with(&folder)) {
            bail!(
                "the branch {other} takes the place of {branch}; {}",
                rename(other)
            );
        }
        let kind = match existing.get(branch).map(|found| found.trim()) {
            Some(old) if old == new => Kind::Keep,
            Some(old) => {
                ensure!(
                    !old.contains(' '),
                    "{branch} is only another name; {}",
                    rename(branch)
                );
                ensure!(
                    is_ours(root, old)?,
                    "{branch} holds commits of yours; {}",
                    rename(branch)
                );
                Kind::Update {
                    old: old.to_owned(),
                }
            }
            None => Kind::Create,
        };
        if let (Kind::Create | Kind::Update { .. }, Some(folder)) =
            (&kind, checked_out.get(*branch))
        {
            bail!("{branch} is checked out in {folder} and would change; first `git switch` away");
        }
        changes.push(Change {
            branch,
            new: new.clone(),
            kind,
        });
    }
    Ok(changes)
}

fn rename(branch: &str) -> String {
    let free = branch.replace('/', "-");
    format!("keep it under another name: `git branch -m {branch} my-{free}`")
}

/// Whether the tool made `commit` and all that comes before it.
fn is_ours(root: &Path, commit: &str) -> anyhow::Result<bool> {
    let log = ["log", "--format=%cn <%ce>", "--no-mailmap", commit, "--"];
    let committers = process::text(&mut git(root, log), &[])?;
    let ours = format!("{NAME} <{EMAIL}>");
    Ok(committers.lines().all(|committer| committer == ours))
}

/// The branches that this worktree and the others have checked out, with the worktree's folder.
fn checked_out(root: &Path) -> anyhow::Result<BTreeMap<String, String>> {
    let list = process::text(&mut git(root, ["worktree", "list", "--porcelain"]), &[])?;
    let mut branches = BTreeMap::new();
    let mut folder = "";
    for line in list.lines() {
        if let Some(path) = line.strip_prefix("worktree ") {
            folder = path;
        } else if let Some(branch) = line.strip_prefix("branch refs/heads/") {
            branches.insert(branch.to_owned(), folder.to_owned());
        }
    }
    Ok(branches)
}

/// Changes all branches or none.
fn update(root: &Path, changes: &[Change<'_>]) -> anyhow::Result<()> {
    let mut transaction = String::new();
    for Change { branch, new, kind } in changes {
        transaction += &match kind {
            Kind::Create => format!("create refs/heads/{branch} {new}\n"),
            Kind::Update { old } => format!("update refs/heads/{branch} {new} {old}\n"),
            Kind::Keep => continue,
        };
    }
    let mut command: Command = git(root, ["update-ref", "-m", "goatscale lessons", "--stdin"]);
    process::output(&mut command, transaction.as_bytes()).map(drop)
}
