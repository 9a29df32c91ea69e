//! The lessons' own files: those in the folder of one, and those of the lesson before that it keeps.

use anyhow::{Context, anyhow};

use crate::course::{self, Lesson};
use crate::cut_text::{Scope, cut_text, refuse_marks, with_lf};
use crate::cutter::Cutter;
use crate::exercises;
use crate::marks::Leader;
use crate::tree::{self, Tree};

impl Cutter {
    /// The lesson's own folder, whose files win over main's.
    pub(crate) fn folder(&self, lesson: &Lesson) -> anyhow::Result<Tree> {
        let mut own = Tree::new();
        for path in self.own_paths(lesson) {
            own.insert(path.to_owned(), self.own_file(lesson, path)?);
        }
        Ok(own)
    }

    /// The paths of the lesson's own files: those in its folder, and those of the lesson before that it keeps.
    pub(crate) fn own_paths<'a>(&'a self, lesson: &'a Lesson) -> impl Iterator<Item = &'a str> {
        let folder = format!("lessons/{}/", lesson.branch);
        let here = self.main().keys();
        let here = here
            .filter_map(move |path| path.strip_prefix(&folder))
            .filter(|path| !path.starts_with(exercises::ANSWERS));
        here.chain(lesson.keeps.iter().map(String::as_str))
    }

    /// Where an own file of this lesson stands on main.
    pub(crate) fn own_source(&self, lesson: &Lesson, path: &str) -> String {
        let (entry, _) = self.course.reach(lesson.number, path);
        format!("lessons/{}/{path}", self.course.lessons[entry].branch)
    }

    /// An own file of this lesson. Marks are for those that the next lesson keeps.
    fn own_file(&self, lesson: &Lesson, path: &str) -> anyhow::Result<tree::File> {
        let (entry, last) = self.course.reach(lesson.number, path);
        let source = self.own_source(lesson, path);
        let file = self.main().get(&source);
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
            refuse_marks(&source, path, file.text())?;
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
