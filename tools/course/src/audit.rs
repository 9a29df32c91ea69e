//! Finds the marks that say what the cutter would see for itself.
//!
//! Such a mark is one more thing to keep true, and hides those that a reader needs.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;

use anyhow::{Context, ensure};

use crate::cut_text::cut_text;
use crate::cutter::{Cutter, Marked};
use crate::derive::derivation::Derivation;
use crate::derive::whole::{derive, text as derived_text};
use crate::governed::{Governed, governed, unmarked};
use crate::marks::Mark;
use crate::source::typescript;

/// Refuses the marks of lines that would vanish by themselves.
///
/// # Errors
/// When there is one, with file and line.
pub fn check(cutter: &Cutter) -> anyhow::Result<()> {
    let needless: Vec<String> = needless(cutter)?
        .iter()
        .map(|(file, mark)| {
            format!(
                "{}:{}: this line would vanish by itself; take the mark away",
                file.source, mark.line
            )
        })
        .collect();
    ensure!(
        needless.is_empty(),
        "{}\n`cargo xtask lessons marks --strip` takes away all of them",
        needless.join("\n")
    );
    Ok(())
}

/// Takes away such marks in the working tree at `root`, and says how many there were.
///
/// # Errors
/// When a file cannot be read or written.
pub fn strip(root: &Path) -> anyhow::Result<usize> {
    let mut count = 0;
    loop {
        let cutter = Cutter::of_worktree(root)?;
        let mut texts: BTreeMap<String, (String, Vec<Governed>)> = BTreeMap::new();
        for (file, mark) in needless(&cutter)? {
            let entry = texts.entry(file.source.clone());
            entry.or_insert((file.text, Vec::new())).1.push(mark);
        }
        // Without some, others may be found to be needless, too.
        if texts.is_empty() {
            return Ok(count);
        }
        for (source, (text, marks)) in texts {
            let leader =
                crate::marks::Leader::of(&source).context("only files with marks have any")?;
            count += marks.len();
            // From the end, so that the lines before stay where they are.
            let text = marks
                .iter()
                .rev()
                .fold(text, |text, mark| unmarked(&text, leader, mark));
            std::fs::write(root.join(&source), text)
                .with_context(|| format!("{source} cannot be written"))?;
        }
    }
}

/// A mark that may be needless, and its file without it.
struct Candidate {
    file: Marked,
    mark: Governed,
    without: String,
}

/// The marks without which every lesson would be cut the same.
fn needless(cutter: &Cutter) -> anyhow::Result<Vec<(Marked, Governed)>> {
    let mut candidates = Vec::new();
    for file in cutter.marked()? {
        let places = derivable(cutter, &file)?;
        for mark in governed(&file.text, file.leader) {
            let plain = |line: &&usize| {
                let text = file.text.lines().nth(**line - 1).unwrap_or_default();
                !text.trim_start().starts_with("//")
            };
            let known = |line: &usize| places.iter().any(|place| place.contains(line));
            let lines: Vec<&usize> = mark.lines.iter().filter(plain).collect();
            if matches!(mark.mark, Mark::From(_)) && lines.into_iter().all(known) {
                let without = unmarked(&file.text, file.leader, &mark);
                let file = file.clone();
                candidates.push(Candidate {
                    file,
                    mark,
                    without,
                });
            }
        }
    }
    for lesson in &cutter.course.lessons {
        if candidates.is_empty() {
            break;
        }
        let (sources, mut cut) = cutter.prepared(lesson)?;
        let derivation = derive(&cutter.reader, &sources, &mut cut)?;
        candidates.retain(|candidate| {
            let used = cutter.source_of(lesson, &candidate.file.path);
            used.as_deref() != Some(&candidate.file.source)
                || is_same(candidate, lesson.number, &derivation)
        });
    }
    let needless = candidates.into_iter();
    Ok(needless.map(|found| (found.file, found.mark)).collect())
}

/// Whether `lesson` would be cut the same without the mark.
fn is_same(candidate: &Candidate, lesson: usize, derivation: &Derivation<'_>) -> bool {
    let file = &candidate.file;
    let cut = |text: &str| {
        let cut = cut_text(text, file.leader, file.scope, lesson).ok()?;
        let derived = derived_text(derivation, &file.path, &cut).ok()?;
        Some(bare(&file.path, &derived))
    };
    let with = cut(&file.text);
    with.is_some() && with == cut(&candidate.without)
}

/// A text without what is only form: rustfmt sees to it in Rust, and elsewhere it is no more than a blank line.
fn bare(path: &str, text: &str) -> String {
    if path.ends_with(".rs") {
        let dense: String = text.split_whitespace().collect();
        return dense.replace(",}", "}");
    }
    let lines: Vec<_> = text
        .lines()
        .filter(|line| !line.trim().is_empty())
        .collect();
    lines.join("\n")
}

/// The lines of a file in which something may vanish by itself.
fn derivable(cutter: &Cutter, file: &Marked) -> anyhow::Result<Vec<Range<usize>>> {
    let (path, text) = (&file.path, &file.text);
    let line = |position: usize| text[..position].matches('\n').count() + 1;
    let lines = |range: Range<usize>| line(range.start)..line(range.end) + 1;
    if path.ends_with(".rs") {
        let read = cutter.reader.read(&file.source, text)?;
        let uses = read.uses.iter().map(|item| item.range.clone());
        let modules = read.declarations.iter().map(|item| item.range.clone());
        return Ok(uses.chain(modules).map(lines).collect());
    }
    if typescript::is_source(path) {
        let imports = typescript::imports(text).into_iter();
        return Ok(imports.map(|import| lines(import.range)).collect());
    }
    let manifest = path.ends_with("Cargo.toml");
    Ok(manifest.then_some(0..usize::MAX).into_iter().collect())
}
