//! Runs the commands of a walkthrough, and compares or records what they answer.

use std::fs;
use std::ops::Range;
use std::time::Instant;

use anyhow::{Context, ensure};

use crate::console::{ConsoleBlock, Place, Step, Walkthrough};
use crate::shape::{self, Numbers};

/// Something that commands can be run on: Docker Compose, or the same servers as processes.
pub trait Engine {
    /// What to call it in messages.
    fn name(&self) -> &str;

    /// Whether the commands of `block` work on it. Never asked for those that a person must type.
    fn runs(&self, block: &ConsoleBlock) -> bool;

    /// Types `command` into the shell of a person who has cut the lesson, and waits for its end. It is one shell for all commands of
    /// a walkthrough, so what one has set is there for the next.
    ///
    /// # Errors
    /// When it could not be run, or it left a job behind that was stopped. A command that ran and failed is no error.
    fn run(&mut self, command: &str) -> anyhow::Result<Output>;
}

/// What a command left behind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Output {
    /// Its exit status.
    pub status: i32,
    /// What it wrote to its standard output and standard error, as it came.
    pub text: String,
}

/// How many blocks did what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Blocks whose commands all answered as shown.
    pub passed: usize,
    /// Blocks with a command that did not.
    pub failed: usize,
    /// Blocks that this engine does not run.
    pub skipped: usize,
    /// Outputs that were written into the walkthrough.
    pub recorded: usize,
}

/// Runs the console blocks of `walkthrough` on `engine` and prints how each one went.
///
/// With `record`, an output of another shape is written into the walkthrough instead.
///
/// # Errors
/// When the walkthrough cannot be written. A block that fails is counted, not an error.
pub fn run_walkthrough(
    walkthrough: &Walkthrough,
    engine: &mut dyn Engine,
    record: bool,
) -> anyhow::Result<Report> {
    let mut report = Report::default();
    let mut recorded = Vec::new();
    for block in &walkthrough.blocks {
        let place = format!("{}:{}", walkthrough.name, block.line);
        if block.place == Place::Hand || !engine.runs(block) {
            println!("    {place} skipped: not for {}", engine.name());
            report.skipped += 1;
            continue;
        }
        let start = Instant::now();
        match run_block(walkthrough, block, engine, record) {
            Ok(outputs) => {
                println!(
                    "    {place} passed in {:.1} s",
                    start.elapsed().as_secs_f32()
                );
                report.passed += 1;
                recorded.extend(outputs);
            }
            Err(error) => {
                println!("    {place} FAILED\n{error:#}");
                report.failed += 1;
            }
        }
    }
    report.recorded = recorded.len();
    if !recorded.is_empty() {
        rewrite(walkthrough, recorded)?;
    }
    Ok(report)
}

/// Lines of the walkthrough, and what is to stand there.
type Recorded = (Range<usize>, Vec<String>);

fn run_block(
    walkthrough: &Walkthrough,
    block: &ConsoleBlock,
    engine: &mut dyn Engine,
    record: bool,
) -> anyhow::Result<Vec<Recorded>> {
    let mut recorded = Vec::new();
    for (index, step) in block.steps.iter().enumerate() {
        let place = format!("{}:{}: `{}`", walkthrough.name, step.line, step.command);
        let output = engine.run(&step.command).with_context(|| place.clone())?;
        let must_fail = block.fails && index + 1 == block.steps.len();
        let Output { status, text } = &output;
        ensure!(
            (*status != 0) == must_fail,
            "{place} exited with {status}, which {}:\n{text}",
            if must_fail {
                "is no failure"
            } else {
                "is a failure"
            }
        );
        if let Err(difference) = compare(step, block.numbers, text) {
            ensure!(
                record,
                "{place} answered in another shape (- expected, + got):\n{difference}"
            );
            recorded.push((
                step.output.clone(),
                lines_to_record(block, text).context(place)?,
            ));
        }
    }
    Ok(recorded)
}

fn compare(step: &Step, numbers: Numbers, text: &str) -> Result<(), String> {
    if step.expected.iter().all(|line| line.trim().is_empty()) {
        return Ok(());
    }
    let got: Vec<_> = text.lines().map(str::to_owned).collect();
    shape::compare(&step.expected, &got, numbers)
}

fn lines_to_record(block: &ConsoleBlock, text: &str) -> anyhow::Result<Vec<String>> {
    let line = |line: &str| format!("{}{line}", block.indent).trim_end().to_owned();
    for text in text.lines() {
        let safe = !text.starts_with("$ ") && !text.trim_start().starts_with("```");
        ensure!(
            safe,
            "the output line `{text}` cannot stand in a console block"
        );
    }
    Ok(text.trim_end().lines().map(line).collect())
}

fn rewrite(walkthrough: &Walkthrough, recorded: Vec<Recorded>) -> anyhow::Result<()> {
    let name = &walkthrough.name;
    let text = fs::read_to_string(&walkthrough.file).with_context(|| format!("{name} is gone"))?;
    let mut lines: Vec<_> = text.lines().map(str::to_owned).collect();
    // From the end, so that the ranges before stay true.
    for (range, output) in recorded.into_iter().rev() {
        lines.splice(range, output);
    }
    let end = if text.ends_with('\n') { "\n" } else { "" };
    fs::write(&walkthrough.file, lines.join("\n") + end)
        .with_context(|| format!("{name} cannot be written"))
}

#[cfg(test)]
mod tests {
    use super::super::console;
    use super::*;

    /// Answers `echo X` with X and all else with status 1.
    struct Echo;

    impl Engine for Echo {
        fn name(&self) -> &str {
            "echo"
        }

        fn runs(&self, block: &ConsoleBlock) -> bool {
            block.place != Place::Docker
        }

        fn run(&mut self, command: &str) -> anyhow::Result<Output> {
            let (status, text) = match command.strip_prefix("echo ") {
                Some(text) => (0, text.replace(';', "\n") + "\n"),
                None => (1, "no\n".to_owned()),
            };
            Ok(Output { status, text })
        }
    }

    fn run(text: &str, record: bool) -> (Report, String) {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("README.md");
        fs::write(&file, text).unwrap();
        let blocks = console::blocks("README.md", text).unwrap();
        let walkthrough = Walkthrough {
            file: file.clone(),
            name: "README.md".into(),
            blocks,
        };
        let report = run_walkthrough(&walkthrough, &mut Echo, record).unwrap();
        (report, fs::read_to_string(file).unwrap())
    }

    const TEXT: &str = "\
```console
$ echo a 1;b
a 2
b
$ echo whatever
```
```console docker
$ echo x
y
```
```console fails
$ fail
no
```
  ```console
  $ echo c;d
  (recorded)
  $ echo e
  f
  ```
```console
$ fail
```
";

    #[test]
    fn blocks_pass_fail_and_are_skipped() {
        let (report, text) = run(TEXT, false);
        assert_eq!(
            report,
            Report {
                passed: 2,
                failed: 2,
                skipped: 1,
                recorded: 0
            }
        );
        assert_eq!(text, TEXT);
    }

    #[test]
    fn outputs_of_another_shape_are_recorded() {
        let (report, text) = run(TEXT, true);
        assert_eq!(
            report,
            Report {
                passed: 3,
                failed: 1,
                skipped: 1,
                recorded: 2
            }
        );
        assert_eq!(
            text,
            TEXT.replace("  (recorded)\n", "  c\n  d\n")
                .replace("  f\n", "  e\n")
        );
        let (report, again) = run(&text, false);
        assert_eq!((report.passed, report.failed, again), (3, 1, text));
    }
}
