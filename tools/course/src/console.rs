//! The console blocks of a walkthrough: what to type, and what it answers.

use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail, ensure};

use crate::course::Lesson;
use crate::markdown::{Kind, lines};
use crate::shape::Numbers;

/// The language of a fence that holds commands.
pub const LANGUAGE: &str = "console";

/// A walkthrough and the commands in it.
#[derive(Debug)]
pub struct Walkthrough {
    /// The file that holds it.
    pub file: PathBuf,
    /// The file's path from the root, for messages.
    pub name: String,
    /// Its console blocks, in order.
    pub blocks: Vec<ConsoleBlock>,
}

/// One fenced block of commands.
#[derive(Debug, PartialEq, Eq)]
pub struct ConsoleBlock {
    /// The line of its fence, from 1.
    pub line: usize,
    /// Where its commands work.
    pub place: Place,
    /// Whether its last command must fail.
    pub fails: bool,
    /// What is said of the numbers in its outputs.
    pub numbers: Numbers,
    /// What to type, in order.
    pub steps: Vec<Step>,
    /// The white space before the fence, as within a list.
    pub indent: String,
}

/// On which engine the commands of a block work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// On every engine.
    Anywhere,
    /// Only with Docker Compose.
    Docker,
    /// Only natively.
    Native,
    /// Only by a person's hand, as an editor or Ctrl-C.
    Hand,
}

/// One command and what it answers.
#[derive(Debug, PartialEq, Eq)]
pub struct Step {
    /// The line of the command, from 1.
    pub line: usize,
    /// The command, over several lines if they end in a backslash.
    pub command: String,
    /// What the walkthrough shows as its output; empty if the output does not matter.
    pub expected: Vec<String>,
    /// The lines of the file that hold that output, counted from 0.
    pub output: Range<usize>,
}

/// Whether a fence with these words holds commands.
pub fn is_console(info: &str) -> bool {
    info.split_whitespace().next() == Some(LANGUAGE)
}

impl Walkthrough {
    /// Reads the walkthrough of `lesson` in the repository at `root`.
    ///
    /// # Errors
    /// When it is missing, or a console block cannot be understood.
    pub fn read(root: &Path, lesson: &Lesson) -> anyhow::Result<Self> {
        let name = format!("lessons/{}/README.md", lesson.branch);
        let file = root.join(&name);
        let text = fs::read_to_string(&file).with_context(|| {
            format!("{name}: each lesson needs a walkthrough, and this is none")
        })?;
        let blocks = blocks(&name, &text)?;
        Ok(Self { file, name, blocks })
    }
}

/// The console blocks of `text`; `name` is its file, for messages.
///
/// # Errors
/// When a block cannot be understood.
pub fn blocks(name: &str, text: &str) -> anyhow::Result<Vec<ConsoleBlock>> {
    let mut blocks = Vec::new();
    let mut open: Option<ConsoleBlock> = None;
    for line in lines(text) {
        let place = format!("{name}:{}", line.number);
        match line.kind {
            Kind::Open(info) if is_console(info) => {
                let indent = line.text[..line.text.len() - line.text.trim_start().len()].to_owned();
                open = Some(block(info, line.number, indent).context(place)?);
            }
            Kind::Code => {
                if let Some(block) = &mut open {
                    let content = line.text.strip_prefix(&block.indent);
                    let content = content.unwrap_or(line.text.trim_start());
                    block.add(line.number, content).context(place)?;
                }
            }
            Kind::Close => {
                if let Some(block) = open.take() {
                    ensure!(!block.steps.is_empty(), "{name}:{}: no command", block.line);
                    blocks.push(block);
                }
            }
            Kind::Open(_) | Kind::Text => {}
        }
    }
    match open {
        Some(block) => bail!("{name}:{}: this fence is never closed", block.line),
        None => Ok(blocks),
    }
}

fn block(info: &str, line: usize, indent: String) -> anyhow::Result<ConsoleBlock> {
    let (mut place, mut fails, mut numbers) = (Place::Anywhere, false, Numbers::Differ);
    for word in info.split_whitespace().skip(1) {
        let named = match word {
            "docker" => Place::Docker,
            "native" => Place::Native,
            "manual" => Place::Hand,
            "fails" => {
                fails = true;
                continue;
            }
            "exact" => {
                numbers = Numbers::Hold;
                continue;
            }
            _ => bail!("`{word}` means nothing here; docker, native, manual, fails and exact do"),
        };
        ensure!(
            place == Place::Anywhere,
            "only one of docker, native and manual can be true"
        );
        place = named;
    }
    Ok(ConsoleBlock {
        line,
        place,
        fails,
        numbers,
        steps: Vec::new(),
        indent,
    })
}

impl ConsoleBlock {
    fn add(&mut self, line: usize, content: &str) -> anyhow::Result<()> {
        if let Some(command) = content.strip_prefix("$ ") {
            let (command, expected) = (command.trim_end().to_owned(), Vec::new());
            self.steps.push(Step {
                line,
                command,
                expected,
                output: line..line,
            });
            return Ok(());
        }
        let Some(step) = self.steps.last_mut() else {
            bail!("a console block begins with a command, `$ …`");
        };
        if step.expected.is_empty() && step.command.ends_with('\\') {
            step.command += "\n";
            step.command += content.trim_end();
            step.output = line..line;
        } else {
            step.expected.push(content.to_owned());
            step.output.end = line;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_read() {
        let text = "\
```console
$ a \\
    --b
one

two
$ c
```
1. In a list:
   ```console docker fails exact
   $ d
     out
   ```
```rust
$ e
```
";
        let blocks = blocks("x.md", text).unwrap();
        let [first, second] = blocks.as_slice() else {
            panic!("{blocks:?}")
        };
        assert_eq!(
            (first.line, first.place, first.fails, first.numbers),
            (1, Place::Anywhere, false, Numbers::Differ)
        );
        let [a, c] = first.steps.as_slice() else {
            panic!("{first:?}")
        };
        assert_eq!((a.line, a.command.as_str()), (2, "a \\\n    --b"));
        assert_eq!(
            (&a.output, a.expected.join("|").as_str()),
            (&(3..6), "one||two")
        );
        assert_eq!((c.line, c.command.as_str(), &c.output), (7, "c", &(7..7)));
        assert_eq!(
            (second.line, second.place, second.fails, second.numbers),
            (10, Place::Docker, true, Numbers::Hold)
        );
        assert_eq!(second.steps[0].expected, ["  out"]);
    }

    #[test]
    fn mistakes_are_named() {
        let error = |text: &str| format!("{:#}", blocks("x.md", text).unwrap_err());
        let text = "```console dokcer\n$ a\n```";
        assert!(
            error(text).starts_with("x.md:1: `dokcer` means nothing"),
            "{}",
            error(text)
        );
        assert!(error("```console docker native\n").contains("only one of"));
        assert_eq!(error("\n```console\n```"), "x.md:2: no command");
        assert_eq!(
            error("```console\n$ a"),
            "x.md:1: this fence is never closed"
        );
        assert!(error("```console\na\n```").starts_with("x.md:2: a console block begins"));
    }
}
