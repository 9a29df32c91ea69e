//! Just enough Markdown to tell text from fenced code, line by line.

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
    let mut fence: Option<&str> = None;
    let mut lines = Vec::new();
    for (index, text) in text.lines().enumerate() {
        let signs = signs(text);
        let after = text
            .trim_start()
            .strip_prefix(signs)
            .unwrap_or_default()
            .trim();
        let kind = match fence {
            // Backticks behind backticks are code within a text.
            None if signs.len() >= 3 && !after.contains('`') => {
                fence = Some(signs);
                Kind::Open(after)
            }
            None => Kind::Text,
            // A longer fence of the same sign closes a shorter one.
            Some(open) if signs.starts_with(open) && after.is_empty() => {
                fence = None;
                Kind::Close
            }
            Some(_) => Kind::Code,
        };
        lines.push(Line {
            number: index + 1,
            text,
            kind,
        });
    }
    lines
}

/// The anchors that GitHub makes of the headings, in order.
pub fn heading_anchors(text: &str) -> Vec<String> {
    let mut anchors: Vec<String> = Vec::new();
    for line in lines(text).iter().filter(|line| line.kind == Kind::Text) {
        let title = line.text.trim_start_matches('#');
        if title.len() == line.text.len() || !title.starts_with(' ') {
            continue;
        }
        let letters = title.trim().to_lowercase();
        let kept = letters
            .chars()
            .filter(|c| c.is_alphanumeric() || " -_".contains(*c));
        let anchor = kept.collect::<String>().replace(' ', "-");
        // The second heading of one title gets `-1`, the third `-2`.
        let numbered = (1..).map(|number| format!("{anchor}-{number}"));
        let free = std::iter::once(anchor.clone())
            .chain(numbered)
            .find(|a| !anchors.contains(a));
        anchors.extend(free);
    }
    anchors
}

/// The run of backticks or tildes that a line begins with.
fn signs(line: &str) -> &str {
    let line = line.trim_start();
    let Some(sign) = line.chars().next().filter(|sign| "`~".contains(*sign)) else {
        return "";
    };
    &line[..line.len() - line.trim_start_matches(sign).len()]
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
