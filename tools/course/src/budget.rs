//! How many marks there are, and how many there may be.
//!
//! A mark is where two lessons meet in one file. A few show a reader where that is; many hide it, and each has to be kept
//! true by hand.

use std::collections::BTreeMap;
use std::fmt;

use anyhow::bail;

use crate::ceilings::Ceilings;
use crate::cutter::Cutter;
use crate::governed::governed;

/// The marks of a course.
pub struct Budget {
    ceilings: Ceilings,
    /// For each lesson its branch and how many marks it may bring.
    lessons: Vec<(String, usize)>,
    marks: Vec<Counted>,
}

struct Counted {
    source: String,
    line: usize,
    lesson: usize,
    removed: usize,
}

impl Budget {
    /// Counts the marks of all lessons.
    ///
    /// # Errors
    /// When `lessons.toml` does not fit the files.
    pub fn of(cutter: &Cutter) -> anyhow::Result<Self> {
        let course = &cutter.course;
        let mut marks = Vec::new();
        for file in cutter.marked()? {
            for found in governed(&file.text, file.leader) {
                marks.push(Counted {
                    source: file.source.clone(),
                    line: found.line,
                    lesson: found.mark.brought_by(course.last()),
                    removed: if found.mark.is_only() {
                        found.lines.len()
                    } else {
                        0
                    },
                });
            }
        }
        Ok(Self {
            ceilings: course.ceilings,
            lessons: course
                .lessons
                .iter()
                .map(|lesson| (lesson.branch.clone(), lesson.marks))
                .collect(),
            marks,
        })
    }

    /// Refuses the first mark that is one too many.
    ///
    /// # Errors
    /// When there is one, with file, line, the count and what is allowed.
    pub fn check(&self) -> anyhow::Result<()> {
        let mut files: BTreeMap<&str, usize> = BTreeMap::new();
        let mut lessons = vec![0; self.lessons.len()];
        let mut removed = 0;
        for mark in &self.marks {
            let place = format!("{}:{}", mark.source, mark.line);
            if is_main(&mark.source) {
                bail!(
                    "{place}: a service's main.rs is the same on every lesson, so it has no marks"
                );
            }
            let file = files.entry(&mark.source).or_default();
            *file += 1;
            if *file > self.ceilings.file {
                bail!(
                    "{place}: this is mark {file} of the file, and {} are allowed; move what differs \
                     to files of its own",
                    self.ceilings.file
                );
            }
            removed += mark.removed;
            if removed > self.ceilings.removed {
                bail!(
                    "{place}: with this, {removed} lines stand commented out, and {} are allowed; give what \
                     differs one signature on all lessons",
                    self.ceilings.removed
                );
            }
            let (branch, allowed) = &self.lessons[mark.lesson];
            lessons[mark.lesson] += 1;
            if lessons[mark.lesson] > *allowed {
                bail!(
                    "{place}: this is mark {} of {branch}, and {allowed} are allowed; make what it adds a \
                     file of its own",
                    lessons[mark.lesson]
                );
            }
        }
        Ok(())
    }
}

impl fmt::Display for Budget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut files: BTreeMap<&str, usize> = BTreeMap::new();
        for mark in &self.marks {
            *files.entry(&mark.source).or_default() += 1;
        }
        let mut files: Vec<_> = files.into_iter().collect();
        files.sort_by_key(|(source, count)| (usize::MAX - count, *source));
        for (source, count) in files {
            writeln!(f, "{count:>4} of {:>3}  {source}", self.ceilings.file)?;
        }
        writeln!(f)?;
        for (number, (branch, allowed)) in self.lessons.iter().enumerate() {
            let count = self
                .marks
                .iter()
                .filter(|mark| mark.lesson == number)
                .count();
            writeln!(f, "{count:>4} of {allowed:>3}  {branch}")?;
        }
        let removed: usize = self.marks.iter().map(|mark| mark.removed).sum();
        let allowed: usize = self.lessons.iter().map(|(_, allowed)| allowed).sum();
        writeln!(f, "\n{:>4} of {allowed:>3}  marks in all", self.marks.len())?;
        writeln!(
            f,
            "{removed:>4} of {:>3}  lines that stand commented out",
            self.ceilings.removed
        )
    }
}

/// Whether a file is the entry of a service.
fn is_main(source: &str) -> bool {
    source.starts_with("crates/") && source.ends_with("/src/main.rs")
}
