//! Markdown line by line, so that text is told from fenced code and what is written back stays as it was.

use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag, TagEnd};

/// One line and what it is.
#[derive(Debug, PartialEq, Eq)]
pub struct Line<'a> {
    /// Its number, from 1.
    pub number: usize,
    /// The line as it stands, without its end.
    pub text: &'a str,
    /// What it is.
    pub kind: Kind<'a>,
}

/// What a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind<'a> {
    /// Ordinary text.
    Text,
    /// The line that opens a fence, with what follows the fence's signs.
    Open(&'a str),
    /// A line in a fence.
    Code,
    /// The line that closes a fence.
    Close,
}

/// The lines of `text`.
pub fn lines(text: &str) -> Vec<Line<'_>> {
    let mut lines: Vec<Line<'_>> = text
        .lines()
        .enumerate()
        .map(|(index, text)| Line {
            number: index + 1,
            text,
            kind: Kind::Text,
        })
        .collect();
    for (event, range) in Parser::new(text).into_offset_iter() {
        let Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(_))) = event else {
            continue;
        };
        let first = text[..range.start].matches('\n').count();
        let count = text[range].trim_end().lines().count();
        let fence = lines[first].text.trim_start();
        let info = fence.trim_start_matches(['`', '~']);
        let signs = &fence[..fence.len() - info.len()];
        lines[first].kind = Kind::Open(info.trim());
        for line in &mut lines[first + 1..first + count] {
            line.kind = Kind::Code;
        }
        // A fence that is never closed reaches to the end.
        let last = &mut lines[first + count - 1];
        if count > 1 && last.text.trim_start().starts_with(signs) {
            last.kind = Kind::Close;
        }
    }
    lines
}

/// The anchors that GitHub makes of the headings, in order.
pub fn heading_anchors(text: &str) -> Vec<String> {
    let mut anchors: Vec<String> = Vec::new();
    let mut title: Option<String> = None;
    for event in Parser::new(text) {
        match event {
            Event::Start(Tag::Heading { .. }) => title = Some(String::new()),
            Event::Text(words) | Event::Code(words) => {
                title.iter_mut().for_each(|title| *title += &words);
            }
            Event::End(TagEnd::Heading(_)) => {
                let anchor = anchor(&title.take().unwrap_or_default());
                // The second heading of one title gets `-1`, the third `-2`.
                let numbered = (1..).map(|number| format!("{anchor}-{number}"));
                let free = std::iter::once(anchor.clone())
                    .chain(numbered)
                    .find(|free| !anchors.contains(free));
                anchors.extend(free);
            }
            _ => {}
        }
    }
    anchors
}

/// How GitHub writes a title as an anchor. No library does this as GitHub does.
fn anchor(title: &str) -> String {
    let letters = title.trim().to_lowercase();
    let kept = letters
        .chars()
        .filter(|c| c.is_alphanumeric() || " -_".contains(*c));
    kept.collect::<String>().replace(' ', "-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fences_are_told_from_text() {
        let text = "a\n````rust x\n```\nb\n````\n  ~~~\n```\n  ~~~\n```inline```\n";
        let kinds: Vec<_> = lines(text).into_iter().map(|line| line.kind).collect();
        let (code, close) = (Kind::Code, Kind::Close);
        let expected = [
            Kind::Text,
            Kind::Open("rust x"),
            code,
            code,
            close,
            Kind::Open(""),
            code,
            close,
        ];
        assert_eq!(kinds, [&expected[..], &[Kind::Text]].concat());
    }

    #[test]
    fn headings_get_githubs_anchors() {
        let text = "# The `base`, first!\n## See it\n```\n# no\n```\n## See it\n#no\n";
        assert_eq!(
            heading_anchors(text),
            ["the-base-first", "see-it", "see-it-1"]
        );
    }
}
