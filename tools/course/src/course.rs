//! `lessons/lessons.toml`: the lessons in order, and which file enters with which of them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::ops::Range;
use std::path::Path;

use anyhow::{Context, anyhow, bail, ensure};
use serde::Deserialize;
use toml::Spanned;

use crate::ceilings::Ceilings;

/// Where the course is written down.
pub const FILE: &str = "lessons/lessons.toml";

/// One lesson of the course.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lesson {
    /// Its place in the course, from 0.
    pub number: usize,
    /// The branch that holds it; starts with the number.
    pub branch: String,
    /// A few words that name it.
    pub title: String,
    /// What it adds to the lesson before.
    pub adds: String,
    /// What it leaves for the next lesson to solve.
    pub problem: String,
    /// Which of the own files of the lesson before hold here, too.
    pub keeps: Vec<String>,
    /// How many marks it may bring.
    pub marks: usize,
}

/// The whole course.
#[derive(Debug)]
pub struct Course {
    /// The lessons, in order.
    pub lessons: Vec<Lesson>,
    /// How many marks there may be.
    pub ceilings: Ceilings,
    rules: BTreeMap<String, Rule>,
}

/// With which lesson a file or folder enters; with none, it stays on main.
#[derive(Debug)]
struct Rule {
    entry: Option<usize>,
    line: usize,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    main: Vec<Spanned<String>>,
    #[serde(default)]
    marks: Ceilings,
    lesson: Vec<Section>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Section {
    branch: Spanned<String>,
    title: String,
    adds: String,
    problem: String,
    files: Vec<Spanned<String>>,
    #[serde(default)]
    keeps: Vec<String>,
    marks: Option<usize>,
}

impl Course {
    /// The lessons of the working tree at `root`.
    ///
    /// # Errors
    /// When `lessons.toml` is missing or wrong.
    pub fn read(root: &Path) -> anyhow::Result<Self> {
        let text = fs::read_to_string(root.join(FILE));
        Self::parse(&text.with_context(|| format!("there is no {FILE}"))?)
    }

    /// Reads the text of `lessons.toml`.
    ///
    /// # Errors
    /// When it is not valid, with the line at fault.
    pub fn parse(text: &str) -> anyhow::Result<Self> {
        let line = |span: Range<usize>| text[..span.start].matches('\n').count() + 1;
        let document: Document = toml::from_str(text).map_err(|error| {
            let place = error
                .span()
                .map_or(String::new(), |span| format!(":{}", line(span)));
            anyhow!("{FILE}{place}: {}", error.message())
        })?;
        let mut course = Self {
            lessons: Vec::new(),
            ceilings: document.marks,
            rules: BTreeMap::new(),
        };
        for path in document.main {
            course.add_rule(None, line(path.span()), path.get_ref())?;
        }
        for (number, section) in document.lesson.into_iter().enumerate() {
            let branch = section.branch.get_ref().clone();
            ensure!(
                is_branch_name(&branch, number),
                "{FILE}:{}: the branch `{branch}` of lesson {number} must be named `{number}_` and \
                 small letters, digits or `_`",
                line(section.branch.span()),
            );
            for path in section.files {
                course.add_rule(Some(number), line(path.span()), path.get_ref())?;
            }
            let Section {
                title,
                adds,
                problem,
                keeps,
                marks,
                ..
            } = section;
            let marks = marks.unwrap_or(course.ceilings.lesson);
            course.lessons.push(Lesson {
                number,
                branch,
                title,
                adds,
                problem,
                keeps,
                marks,
            });
        }
        ensure!(!course.lessons.is_empty(), "{FILE} holds no [[lesson]]");
        Ok(course)
    }

    /// The lesson that `name` means: its number or its branch.
    ///
    /// # Errors
    /// When there is none; the error lists them all.
    pub fn lesson(&self, name: &str) -> anyhow::Result<&Lesson> {
        let named = |lesson: &&Lesson| lesson.branch == name || lesson.number.to_string() == name;
        self.lessons.iter().find(named).with_context(|| {
            let all: Vec<_> = self
                .lessons
                .iter()
                .map(|lesson| lesson.branch.as_str())
                .collect();
            format!(
                "there is no lesson `{name}`; name a number or one of {}",
                all.join(", ")
            )
        })
    }

    /// The number of the last lesson.
    pub fn last(&self) -> usize {
        self.lessons.len() - 1
    }

    /// The lessons in which the own file at `path` of this lesson holds: the one in whose folder it stands, and the last one
    /// that keeps it.
    pub fn reach(&self, lesson: usize, path: &str) -> (usize, usize) {
        let keeps = |lesson: &Lesson| lesson.keeps.iter().any(|kept| kept == path);
        let (before, after) = self.lessons.split_at(lesson + 1);
        let back = before
            .iter()
            .rev()
            .take_while(|lesson| keeps(lesson))
            .count();
        let on = after.iter().take_while(|lesson| keeps(lesson)).count();
        (lesson.saturating_sub(back), lesson + on)
    }

    /// For each of main's files the lesson with which it enters; none for what stays on main.
    ///
    /// # Errors
    /// When no rule covers a file, or a rule governs none.
    pub fn entries<'a>(
        &self,
        paths: impl IntoIterator<Item = &'a str>,
    ) -> anyhow::Result<BTreeMap<&'a str, Option<usize>>> {
        let mut entries = BTreeMap::new();
        let mut used = BTreeSet::new();
        for path in paths {
            let Some((prefix, rule)) = self.rule(path) else {
                bail!(
                    "{path}: no rule of {FILE} covers this file; add it, or a folder above it, to \
                     `main` or to the `files` of the lesson with which it enters"
                );
            };
            used.insert(prefix);
            entries.insert(path, rule.entry);
        }
        match self
            .rules
            .iter()
            .find(|(prefix, _)| !used.contains(prefix.as_str()))
        {
            Some((prefix, rule)) => bail!("{FILE}:{}: `{prefix}` governs no file", rule.line),
            None => Ok(entries),
        }
    }

    /// The rule with the longest prefix of `path`.
    fn rule<'a>(&self, path: &'a str) -> Option<(&'a str, &Rule)> {
        let mut prefix = path;
        loop {
            if let Some(rule) = self.rules.get(prefix) {
                return Some((prefix, rule));
            }
            prefix = prefix.rsplit_once('/')?.0;
        }
    }

    fn add_rule(&mut self, entry: Option<usize>, line: usize, path: &str) -> anyhow::Result<()> {
        // A rule with another spelling of a path would silently govern nothing.
        let plain = path.split('/').all(|part| !matches!(part, "" | "." | ".."));
        ensure!(
            plain,
            "{FILE}:{line}: `{path}` must be a path from the root of the repository, without `./`, \
             `..` and a `/` at its ends"
        );
        if let Some(other) = self.rules.insert(path.to_owned(), Rule { entry, line }) {
            bail!(
                "{FILE}:{line}: `{path}` stands in line {} already",
                other.line
            );
        }
        Ok(())
    }
}

/// Whether a branch may be named so. A narrow rule, for these names stand in commands to type.
fn is_branch_name(name: &str, number: usize) -> bool {
    let rest = name.strip_prefix(&format!("{number}_")).unwrap_or_default();
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    !rest.is_empty() && rest.chars().all(fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    const COURSE: &str = r#"
main = ["lessons", "README.md"]

[[lesson]]
branch = "0_base"
title = "Base"
adds = "a"
problem = "p"
files = ["compose.yml", "crates"]

[[lesson]]
branch = "1_next"
title = "Next"
adds = "a"
problem = "p"
files = ["crates/next"]
"#;

    fn message(text: &str) -> String {
        Course::parse(text).unwrap_err().to_string()
    }

    #[test]
    fn the_longest_prefix_wins() {
        let course = Course::parse(COURSE).unwrap();
        let paths = [
            "compose.yml",
            "crates/a.rs",
            "crates/next/b.rs",
            "README.md",
            "lessons/x",
        ];
        let entries = course.entries(paths).unwrap();
        assert_eq!(entries["crates/a.rs"], Some(0));
        assert_eq!(entries["crates/next/b.rs"], Some(1));
        assert_eq!(entries["README.md"], None);
    }

    #[test]
    fn a_file_without_a_rule_and_a_rule_without_a_file_are_errors() {
        let course = Course::parse(COURSE).unwrap();
        let error = course
            .entries(["compose.yml.orig"])
            .unwrap_err()
            .to_string();
        assert!(
            error.starts_with("compose.yml.orig: no rule of lessons/lessons.toml"),
            "{error}"
        );
        let paths = ["compose.yml", "crates/a.rs", "README.md", "lessons/x"];
        let error = course.entries(paths).unwrap_err().to_string();
        assert_eq!(
            error,
            "lessons/lessons.toml:16: `crates/next` governs no file"
        );
    }

    #[test]
    fn errors_name_the_line() {
        let unknown = COURSE.replace(
            "adds = \"a\"\nproblem = \"p\"\nfiles = [\"crates/next",
            "ads = [\"",
        );
        assert!(
            message(&unknown).starts_with("lessons/lessons.toml:"),
            "{}",
            message(&unknown)
        );
        let doubled = COURSE.replace("crates/next", "README.md");
        assert_eq!(
            message(&doubled),
            "lessons/lessons.toml:16: `README.md` stands in line 2 already"
        );
        let spelled = COURSE.replace("crates/next", "./crates/next/");
        assert!(message(&spelled).starts_with("lessons/lessons.toml:16: `./crates/next/` must be"));
        let order = COURSE.replace("1_next", "2_next");
        assert!(message(&order).starts_with("lessons/lessons.toml:12: the branch `2_next`"));
    }

    #[test]
    fn a_lesson_goes_by_number_or_branch() {
        let course = Course::parse(COURSE).unwrap();
        assert_eq!(
            course.lesson("1").unwrap(),
            course.lesson("1_next").unwrap()
        );
        let error = course.lesson("7").unwrap_err().to_string();
        assert_eq!(
            error,
            "there is no lesson `7`; name a number or one of 0_base, 1_next"
        );
    }
}
