//! Cuts one text: keeps, drops and opens its lines as its marks say.

use std::fmt;

use anyhow::bail;

use crate::marks::{Leader, Mark};

/// The lessons in which a file exists.
#[derive(Clone, Copy, Debug)]
pub struct Scope {
    /// With which lesson the file enters.
    pub entry: usize,
    /// The last lesson of the course, which is main.
    pub last: usize,
}

/// A mark that cannot be followed.
#[derive(Debug, PartialEq, Eq)]
pub struct MarkError {
    /// The line at fault, from 1.
    pub line: usize,
    /// What is wrong and what is accepted.
    pub message: String,
}

impl fmt::Display for MarkError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.line, self.message)
    }
}

impl std::error::Error for MarkError {}

/// The text as it stands in `lesson`. Lines end in LF afterwards, whatever they ended in before.
///
/// # Errors
/// When a mark is malformed, useless or governs nothing. This does not depend on `lesson`.
pub fn cut_text(
    text: &str,
    leader: &Leader,
    scope: Scope,
    lesson: usize,
) -> Result<String, MarkError> {
    let text = with_lf(text);
    let (body, end) = text
        .strip_suffix('\n')
        .map_or((text.as_str(), ""), |body| (body, "\n"));
    let mut cutter = Cutter {
        leader,
        lesson,
        above: None,
        cut: false,
        kept: Vec::new(),
    };
    for (index, line) in body.split('\n').enumerate() {
        let at_line = |message| MarkError {
            line: index + 1,
            message,
        };
        if line.trim().is_empty() {
            cutter.leave_paragraph()?;
            cutter.blank(line);
            continue;
        }
        let found = leader.find(line).map_err(at_line)?;
        if let Some((_, mark)) = found {
            scope.check(mark).map_err(at_line)?;
        }
        match found {
            Some((before, mark)) if before.trim().is_empty() => {
                cutter.leave_paragraph()?;
                let indent = before.len();
                cutter.above = Some(Above {
                    mark,
                    indent,
                    line: index + 1,
                    governs: false,
                });
            }
            _ => {
                if cutter
                    .above
                    .as_ref()
                    .is_some_and(|above| indent(line) < above.indent)
                {
                    cutter.leave_paragraph()?;
                }
                cutter.code(line, found).map_err(at_line)?;
            }
        }
    }
    cutter.leave_paragraph()?;
    let kept = cutter.finish();
    Ok(if kept.is_empty() {
        String::new()
    } else {
        kept.join("\n") + end
    })
}

/// The text with LF at the end of each line.
pub fn with_lf(text: &str) -> String {
    let lines: Vec<_> = text
        .split('\n')
        .map(|line| line.trim_end_matches('\r'))
        .collect();
    lines.join("\n")
}

/// The first line of `text` that holds a mark, from 1.
pub fn first_mark(text: &str, leader: &Leader) -> Option<usize> {
    let marked = |line: &str| leader.find(line).map_or(true, |found| found.is_some());
    text.lines().position(marked).map(|index| index + 1)
}

/// Refuses a mark in `text`, which stands at `path` in a cut and is called `shown` in messages.
///
/// # Errors
/// When there is one.
pub fn refuse_marks(shown: &str, path: &str, text: Option<&str>) -> anyhow::Result<()> {
    let (Some(text), Some(leader)) = (text, Leader::of(path)) else {
        return Ok(());
    };
    match first_mark(text, leader) {
        Some(line) => bail!("{shown}:{line}: a lesson's own file must hold no mark"),
        None => Ok(()),
    }
}

/// A mark on a line of its own.
struct Above {
    mark: Mark,
    indent: usize,
    line: usize,
    governs: bool,
}

struct Cutter<'a> {
    leader: &'a Leader,
    lesson: usize,
    /// The mark that governs the paragraph.
    above: Option<Above>,
    /// Whether lines were cut since the last line that was kept.
    cut: bool,
    kept: Vec<String>,
}

impl Cutter<'_> {
    /// A paragraph ends at a blank line, and also where the block that its mark stands in ends:
    /// rustfmt allows no blank line before a closing brace.
    fn leave_paragraph(&mut self) -> Result<(), MarkError> {
        match self.above.take() {
            Some(above) if !above.governs => {
                let message = "this mark governs nothing; it must stand at the end of a line, or \
                               on the line above a paragraph";
                Err(MarkError {
                    line: above.line,
                    message: message.to_owned(),
                })
            }
            _ => Ok(()),
        }
    }

    /// Keeps a blank line, unless the paragraph between it and another one was cut.
    fn blank(&mut self, line: &str) {
        if self.cut && self.ends_blank() {
            return;
        }
        self.cut = false;
        self.kept.push(line.to_owned());
    }

    fn code(&mut self, line: &str, found: Option<(&str, Mark)>) -> Result<(), String> {
        let above = self.above.as_mut().map(|above| {
            above.governs = true;
            above.mark
        });
        let (line, trailing) = match found {
            Some((before, mark)) => (before.trim_end(), Some(mark)),
            None => (line, None),
        };
        let marks = || above.into_iter().chain(trailing);
        let mut line = line.to_owned();
        if marks().any(Mark::is_only) {
            line = self.leader.uncomment(&line).ok_or(
                "a line that a later lesson removes must stand commented out here, for it is no \
                 part of main",
            )?;
        }
        if !matches!(self.leader.find(&line), Ok(None)) {
            return Err("there are two marks on this line; it can follow only one".to_owned());
        }
        if marks().all(|mark| mark.holds(self.lesson)) {
            self.kept.push(line);
            self.cut = false;
        } else {
            self.cut = true;
        }
        Ok(())
    }

    /// At the end of the text, the blank lines before what was cut go too.
    fn finish(mut self) -> Vec<String> {
        while self.cut && !self.kept.is_empty() && self.ends_blank() {
            self.kept.pop();
        }
        self.kept
    }

    fn ends_blank(&self) -> bool {
        self.kept.last().is_none_or(|line| line.trim().is_empty())
    }
}

impl Scope {
    /// Refuses a mark that would change nothing, for it is a mistake.
    fn check(self, mark: Mark) -> Result<(), String> {
        let Self { entry, last } = self;
        let (Mark::From(highest) | Mark::Only(_, highest)) = mark;
        if highest > last {
            return Err(format!(
                "there is no lesson {highest}; they are 0 to {last}"
            ));
        }
        match mark {
            Mark::From(first) if first <= entry => Err(format!(
                "the file enters with lesson {entry}, so a mark must name a later one"
            )),
            Mark::Only(first, _) if first < entry => Err(format!(
                "the file enters with lesson {entry}, so a mark cannot name an earlier one"
            )),
            Mark::Only(first, until) if until < first => {
                Err(format!("lesson {until} comes before lesson {first}"))
            }
            _ => Ok(()),
        }
    }
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

#[cfg(test)]
#[path = "cut_text_tests.rs"]
mod tests;
