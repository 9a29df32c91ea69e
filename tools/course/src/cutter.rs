//! Cuts a whole lesson: which files, which lines, formatted, with its lock file and its links.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow, ensure};

use crate::course::{self, Course, Lesson};
use crate::cut_text::{Scope, cut_text, first_mark, with_lf};
use crate::marks::Leader;
use crate::tree::{self, Tree};
use crate::{cargo, directives, links, process};

/// Main, read and ready to be cut.
pub struct Cutter {
    /// The lessons.
    pub course: Course,
    main: Tree,
}

impl Cutter {
    /// Reads the working tree of the repository at `root`.
    ///
    /// # Errors
    /// When it cannot be read, or `lessons.toml` does not fit it.
    pub fn of_worktree(root: &Path) -> anyhow::Result<Self> {
        Self::new(tree::of_worktree(root)?)
    }

    /// Reads what was committed in `commit`.
    ///
    /// # Errors
    /// As [`Self::of_worktree`].
    pub fn of_commit(root: &Path, commit: &str) -> anyhow::Result<Self> {
        Self::new(tree::of_commit(root, commit)?)
    }

    /// Cuts `lesson` into `dir`, which must be absent or empty, and returns what stands there.
    ///
    /// # Errors
    /// When a mark, a directive or a link is wrong, or the cut does not format or lock.
    pub fn cut(&self, lesson: &Lesson, dir: &Path) -> anyhow::Result<Tree> {
        let taken = fs::read_dir(dir).is_ok_and(|mut entries| entries.next().is_some());
        ensure!(
            !taken && (dir.is_dir() || !dir.exists()),
            "{} must be absent or an empty folder",
            dir.display()
        );
        self.fill(lesson, dir)
            .with_context(|| format!("lesson {} cannot be cut", lesson.branch))
    }

    /// All of main's files.
    pub fn main(&self) -> &Tree {
        &self.main
    }

    /// What stands in a lesson, as main has it: not yet formatted, and the links of its texts not resolved.
    ///
    /// # Errors
    /// When a mark is wrong.
    pub fn sketch(&self, lesson: &Lesson) -> anyhow::Result<Tree> {
        let mut cut = self.layers(lesson)?;
        cut.extend(self.folder(lesson)?);
        Ok(cut)
    }

    fn new(main: Tree) -> anyhow::Result<Self> {
        let written = main.get(course::FILE).and_then(tree::File::text);
        let course =
            Course::parse(written.with_context(|| format!("there is no {}", course::FILE))?)?;
        course.entries(main.keys().map(String::as_str))?;
        for path in main.keys().filter(|path| *path != course::FILE) {
            // A folder of another name would silently reach no lesson.
            let folder = path
                .strip_prefix("lessons/")
                .and_then(|path| path.split_once('/'));
            let Some((folder, _)) = folder else { continue };
            ensure!(
                course.lessons.iter().any(|lesson| lesson.branch == folder),
                "{path}: {} has no lesson of the branch `{folder}`",
                course::FILE
            );
        }
        Ok(Self { course, main })
    }

    fn fill(&self, lesson: &Lesson, dir: &Path) -> anyhow::Result<Tree> {
        let mut cut = self.layers(lesson)?;
        let own = self.folder(lesson)?;
        cut.extend(own.clone());
        tree::write(&cut, dir)?;
        if cut.contains_key("Cargo.toml") {
            cargo::format(dir)?;
            let lock = self.main.get("Cargo.lock").and_then(tree::File::text);
            cargo::prune_lock(dir, lock.context("main has no Cargo.lock")?)?;
        }
        // Only now, so that the line numbers are those of the formatted files.
        for (path, file) in own.iter().filter(|(path, _)| path.ends_with(".md")) {
            let source = format!("lessons/{}/{path}", lesson.branch);
            let text = file
                .text()
                .with_context(|| format!("{source} is no text"))?;
            fs::write(
                dir.join(path),
                directives::resolve(dir, path, &source, text)?,
            )?;
        }
        let mut finished = Tree::new();
        for path in cut.keys() {
            let file = tree::read(&dir.join(path))?.with_context(|| format!("{path} is gone"))?;
            refuse_marks(path, path, &file)?;
            finished.insert(path.clone(), file);
        }
        links::check(dir, &finished)?;
        Ok(finished)
    }

    /// Main's files of this lesson, with only its lines.
    fn layers(&self, lesson: &Lesson) -> anyhow::Result<Tree> {
        let mut cut = Tree::new();
        let entries = self.course.entries(self.main.keys().map(String::as_str))?;
        for (path, file) in &self.main {
            let Some(entry) = entries[path.as_str()] else {
                continue;
            };
            let scope = Scope {
                entry,
                last: self.course.last(),
            };
            let mut file = file.clone();
            if let Some(text) = file.text() {
                // Every text is cut, so that a wrong mark is found in whichever lesson is cut.
                let text = match Leader::of(path) {
                    Some(leader) => cut_text(text, leader, scope, lesson.number)
                        .map_err(|error| anyhow!("{path}:{error}"))?,
                    None => with_lf(text),
                };
                file.bytes = text.into_bytes();
            }
            if entry <= lesson.number {
                cut.insert(path.clone(), file);
            }
        }
        Ok(cut)
    }

    /// The lesson's own folder, whose files win over main's.
    fn folder(&self, lesson: &Lesson) -> anyhow::Result<Tree> {
        let folder = format!("lessons/{}/", lesson.branch);
        let mut own = Tree::new();
        let here = self
            .main
            .keys()
            .filter_map(|path| path.strip_prefix(&folder));
        for path in here.chain(lesson.keeps.iter().map(String::as_str)) {
            own.insert(path.to_owned(), self.own_file(lesson, path)?);
        }
        Ok(own)
    }

    /// An own file of this lesson. Marks are for those that the next lesson keeps.
    fn own_file(&self, lesson: &Lesson, path: &str) -> anyhow::Result<tree::File> {
        let (entry, last) = self.course.reach(lesson.number, path);
        let source = format!("lessons/{}/{path}", self.course.lessons[entry].branch);
        let file = self.main.get(&source);
        let mut file = file
            .with_context(|| {
                format!(
                    "{}: {} keeps {source}, which is not there",
                    course::FILE,
                    lesson.branch
                )
            })?
            .clone();
        if entry == last {
            refuse_marks(&source, path, &file)?;
        }
        if let Some(text) = file.text() {
            let text = match Leader::of(path).filter(|_| entry < last) {
                Some(leader) => cut_text(text, leader, Scope { entry, last }, lesson.number)
                    .map_err(|error| anyhow!("{source}:{error}"))?,
                None => with_lf(text),
            };
            file.bytes = text.into_bytes();
        }
        Ok(file)
    }
}

/// Cuts `lesson` of the working tree at `root` into `dir`, which must be absent or empty.
///
/// # Errors
/// As [`Cutter::cut`].
pub fn cut_into(root: &Path, lesson: &Lesson, dir: &Path) -> anyhow::Result<()> {
    Cutter::of_worktree(root)?.cut(lesson, dir).map(drop)
}

/// The folder that git calls the top of this repository.
///
/// # Errors
/// When the current folder is in no repository.
pub fn root() -> anyhow::Result<PathBuf> {
    let arguments = ["rev-parse", "--show-toplevel"];
    let root = process::text(&mut process::git(Path::new("."), arguments), &[])?;
    Ok(PathBuf::from(root))
}

fn refuse_marks(shown: &str, path: &str, file: &tree::File) -> anyhow::Result<()> {
    let (Some(text), Some(leader)) = (file.text(), Leader::of(path)) else {
        return Ok(());
    };
    match first_mark(text, leader) {
        Some(line) => Err(anyhow!(
            "{shown}:{line}: a lesson's own file must hold no mark"
        )),
        None => Ok(()),
    }
}
