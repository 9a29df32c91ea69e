//! Which lines each mark of a text governs.

use crate::marks::{Leader, Mark};

/// A mark and what it governs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Governed {
    /// What it says.
    pub mark: Mark,
    /// Its line, from 1.
    pub line: usize,
    /// Whether it has that line for itself.
    pub alone: bool,
    /// The lines that it governs, from 1.
    pub lines: Vec<usize>,
}

/// The marks of `text`, in order. What is malformed is left out; the cut finds it.
pub fn governed(text: &str, leader: &Leader) -> Vec<Governed> {
    let mut found: Vec<Governed> = Vec::new();
    // The mark that governs the paragraph, by its place in `found`, and how far it is indented.
    let mut above: Option<(usize, usize)> = None;
    for (index, line) in text.lines().enumerate() {
        let number = index + 1;
        if line.trim().is_empty() {
            above = None;
            continue;
        }
        let indent = line.len() - line.trim_start().len();
        let mark = leader.find(line).ok().flatten();
        if let Some((before, mark)) = mark.filter(|(before, _)| before.trim().is_empty()) {
            above = Some((found.len(), before.len()));
            found.push(Governed {
                mark,
                line: number,
                alone: true,
                lines: Vec::new(),
            });
            continue;
        }
        above = above.filter(|(_, from)| indent >= *from);
        if let Some((place, _)) = above {
            found[place].lines.push(number);
        }
        if let Some((_, mark)) = mark {
            found.push(Governed {
                mark,
                line: number,
                alone: false,
                lines: vec![number],
            });
        }
    }
    found
}

/// `text` without a mark of it; what the mark governs stays.
pub fn unmarked(text: &str, leader: &Leader, mark: &Governed) -> String {
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let at = mark.line - 1;
    let (before, after) = (lines[..at].concat(), lines[at + 1..].concat());
    if !mark.alone {
        let line = lines[at].trim_end_matches(['\n', '\r']);
        let kept = leader.find(line).ok().flatten();
        let kept = kept.map_or(line, |(before, _)| before.trim_end());
        return format!("{before}{kept}\n{after}");
    }
    // The blank line above kept the paragraph apart, which is over now if the one before is of the same kind.
    let kind = |line: &str| line.split([' ', ';']).next().unwrap_or_default().to_owned();
    let next = lines.get(at + 1).map_or(String::new(), |line| kind(line));
    let joins = at >= 2
        && lines[at - 1].trim().is_empty()
        && ["use", "mod", "import"].contains(&next.as_str())
        && [next.as_str(), "}"].contains(&kind(lines[at - 2]).as_str());
    let before = if joins {
        lines[..at - 1].concat()
    } else {
        before
    };
    before + &after
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "use a;\n\n// lesson 2\nuse b;\nuse c; // lesson 3\n\nfn f() {\n    // lesson 2\n    a();\n}\n";

    #[test]
    fn a_mark_governs_its_line_or_its_paragraph() {
        let leader = Leader::of("a.rs").unwrap();
        let found = governed(TEXT, leader);
        let lines: Vec<_> = found
            .iter()
            .map(|found| (found.line, &found.lines[..]))
            .collect();
        assert_eq!(lines, [(3, &[4, 5][..]), (5, &[5]), (8, &[9])]);
        assert_eq!(
            unmarked(TEXT, leader, &found[0]),
            TEXT.replace("\n\n// lesson 2\nuse b", "\nuse b")
        );
        assert_eq!(
            unmarked(TEXT, leader, &found[1]),
            TEXT.replace(" // lesson 3", "")
        );
        assert_eq!(
            unmarked(TEXT, leader, &found[2]),
            TEXT.replace("    // lesson 2\n", "")
        );
    }
}
