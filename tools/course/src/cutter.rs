//! Cuts a whole lesson: which files, which lines, formatted, with its lock file and its links.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow, ensure};

use crate::course::{self, Course, Lesson};
use crate::cut_text::{Scope, cut_text, refuse_marks, with_lf};
use crate::derive::derivation::{Reader, Sources};
use crate::derive::whole::derive;
use crate::marks::Leader;
use crate::tree::{self, Tree};
use crate::{cargo, directives, exercises, links, mentions};

/// Main, read and ready to be cut.
pub struct Cutter {
    /// The lessons.
    pub course: Course,
    /// Reads its Rust files.
    pub reader: Reader,
    main: Tree,
}

/// A text that may have marks.
#[derive(Clone)]
pub struct Marked {
    /// Where it stands on main.
    pub source: String,
    /// Where it stands in a cut.
    pub path: String,
    /// How it writes its comments.
    pub leader: &'static Leader,
    /// The lessons in which it exists.
    pub scope: Scope,
    /// What it holds.
    pub text: String,
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
    /// When a mark, a directive, a link or what a text names is wrong, or the cut does not format or lock.
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

    /// The files of `lesson` after their marks were followed and before the rest is derived, and what they were.
    ///
    /// # Errors
    /// When a mark is wrong.
    pub fn prepared(&self, lesson: &Lesson) -> anyhow::Result<(Sources, Tree)> {
        let mut cut = self.layers(lesson)?;
        cut.extend(self.folder(lesson)?);
        Ok((self.sources(lesson)?, cut))
    }

    /// The texts that may have marks: main's that are in a lesson, and the lessons' own that another one keeps.
    ///
    /// # Errors
    /// When `lessons.toml` does not fit the files.
    pub fn marked(&self) -> anyhow::Result<Vec<Marked>> {
        let entries = self.course.entries(self.main.keys().map(String::as_str))?;
        let mut found = Vec::new();
        for (source, file) in &self.main {
            let (path, scope) = if let Some(entry) = entries[source.as_str()] {
                let last = self.course.last();
                (source.clone(), Scope { entry, last })
            } else {
                let lessons = self.course.lessons.iter();
                let own = lessons.filter_map(|lesson| {
                    let path = source.strip_prefix(&format!("lessons/{}/", lesson.branch))?;
                    let (entry, last) = self.course.reach(lesson.number, path);
                    (entry < last).then(|| (path.to_owned(), Scope { entry, last }))
                });
                let Some(own) = own.into_iter().next() else {
                    continue;
                };
                own
            };
            if let Some((text, leader)) = file.text().zip(Leader::of(&path)) {
                found.push(Marked {
                    source: source.clone(),
                    path,
                    leader,
                    scope,
                    text: with_lf(text),
                });
            }
        }
        Ok(found)
    }

    /// The lessons' own files that win over one of main's: where each stands, the path that both have in a cut, and what main's
    /// holds.
    ///
    /// # Errors
    /// When `lessons.toml` does not fit the files.
    pub fn variants(&self) -> anyhow::Result<Vec<(String, String, &[u8])>> {
        let entries = self.course.entries(self.main.keys().map(String::as_str))?;
        let mut found = Vec::new();
        for source in self.main.keys() {
            let lessons = self.course.lessons.iter();
            let own = lessons
                .filter_map(|lesson| source.strip_prefix(&format!("lessons/{}/", lesson.branch)));
            for path in own.filter(|path| entries.get(path).is_some_and(Option::is_some)) {
                found.push((source.clone(), path.to_owned(), &self.main[path].bytes[..]));
            }
        }
        Ok(found)
    }

    /// Where the file stands on main that is at `path` in the cut of `lesson`.
    pub fn source_of(&self, lesson: &Lesson, path: &str) -> Option<String> {
        if self.own_paths(lesson).any(|own| own == path) {
            return Some(self.own_source(lesson, path));
        }
        self.main.contains_key(path).then(|| path.to_owned())
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
        let (sources, mut cut) = self.prepared(lesson)?;
        derive(&self.reader, &sources, &mut cut)?;
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
        let reader = Reader::default();
        Ok(Self {
            course,
            main,
            reader,
        })
    }

    fn fill(&self, lesson: &Lesson, dir: &Path) -> anyhow::Result<Tree> {
        let cut = self.sketch(lesson)?;
        let own = self.folder(lesson)?;
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
            let answer = |number| exercises::answer(&self.main, lesson, number);
            let resolved = directives::resolve(dir, path, &source, text, &answer)?;
            fs::write(dir.join(path), resolved)?;
        }
        exercises::check(&self.main, lesson, dir)?;
        let mut finished = Tree::new();
        for path in cut.keys() {
            let file = tree::read(&dir.join(path))?.with_context(|| format!("{path} is gone"))?;
            refuse_marks(path, path, file.text())?;
            finished.insert(path.clone(), file);
        }
        links::check(dir, &finished)?;
        let branches = self.course.lessons.iter();
        let branches: Vec<_> = branches.map(|lesson| lesson.branch.as_str()).collect();
        mentions::check(&finished, &branches)?;
        Ok(finished)
    }

    /// Each text that this lesson or another is cut from, before its marks are followed.
    fn sources(&self, lesson: &Lesson) -> anyhow::Result<Sources> {
        let entries = self.course.entries(self.main.keys().map(String::as_str))?;
        let entered = |(path, file): (&String, &tree::File)| {
            entries[path.as_str()]
                .and(file.text())
                .map(|text| (path.clone(), with_lf(text)))
        };
        let mut sources = Sources {
            texts: self.main.iter().filter_map(entered).collect(),
            ..Sources::default()
        };
        for path in self.own_paths(lesson) {
            let own = self.main.get(&self.own_source(lesson, path));
            if let Some(text) = own.and_then(tree::File::text) {
                let main = sources.texts.insert(path.to_owned(), with_lf(text));
                sources
                    .hidden
                    .extend(main.map(|main| (path.to_owned(), main)));
            }
        }
        Ok(sources)
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
}

/// Cuts `lesson` of the working tree at `root` into `dir`, which must be absent or empty.
///
/// # Errors
/// As [`Cutter::cut`].
pub fn cut_into(root: &Path, lesson: &Lesson, dir: &Path) -> anyhow::Result<()> {
    Cutter::of_worktree(root)?.cut(lesson, dir).map(drop)
}

/// The top of this repository: the current folder, or the next one above it that has lessons.
///
/// Git is not asked, because a download as a ZIP is no repository, and may lie in another one.
///
/// # Errors
/// When there is none.
pub fn root() -> anyhow::Result<PathBuf> {
    let here = std::env::current_dir().context("the current folder is gone")?;
    let found = here
        .ancestors()
        .find(|folder| folder.join(course::FILE).is_file());
    let found = found
        .with_context(|| format!("no folder above {} has a {}", here.display(), course::FILE))?;
    Ok(found.to_owned())
}
