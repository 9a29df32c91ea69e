//! Checks the links of a cut's Markdown: a reader must never follow one into the void.

use std::path::Path;
use std::sync::LazyLock;

use anyhow::ensure;
use regex::Regex;
use url::Url;

use crate::markdown::{Kind, heading_anchors, lines};
use crate::tree::Tree;

static TARGETS: LazyLock<[Regex; 3]> = LazyLock::new(|| {
    let patterns = [
        // [text](target "title"), and images likewise
        r#"\]\(\s*<?([^)\s>]*)>?(?:\s+"[^"]*")?\s*\)"#,
        // [name]: target
        r"^\s{0,3}\[[^\]]+\]:\s*<?([^\s>]+)",
        // <a href="target">, <img src="target">
        r#"<(?:a|img|source)\b[^>]*?\s(?:href|src|srcset)="([^"]*)""#,
    ];
    patterns.map(|pattern| Regex::new(pattern).expect("a valid pattern"))
});
static INLINE_CODE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"`[^`]*`").expect("a valid pattern"));
static ID: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"<\w+\b[^>]*?\s(?:id|name)="([^"]+)""#).expect("a valid pattern")
});

/// Checks every link in the Markdown files of `cut`, which stands in `dir`.
///
/// # Errors
/// When a link leads nowhere; the error names all of them, one a line.
pub fn check(dir: &Path, cut: &Tree) -> anyhow::Result<()> {
    let mut broken = Vec::new();
    for (path, file) in cut.iter().filter(|(path, _)| path.ends_with(".md")) {
        let text = file.text().unwrap_or_default();
        for line in lines(text).iter().filter(|line| line.kind == Kind::Text) {
            // A link in backticks is shown, not followed.
            let line_text = INLINE_CODE.replace_all(line.text, "``");
            for found in TARGETS
                .iter()
                .flat_map(|pattern| pattern.captures_iter(&line_text))
            {
                let target = &found[1];
                if let Err(reason) = follow(dir, path, text, target) {
                    broken.push(format!(
                        "{path}:{}: the link `{target}` {reason}",
                        line.number
                    ));
                }
            }
        }
    }
    ensure!(broken.is_empty(), "in the cut, {}", broken.join("\n"));
    Ok(())
}

/// Follows one link of the file `path`, but not into the internet.
fn follow(dir: &Path, path: &str, text: &str, target: &str) -> Result<(), String> {
    let scheme = target.split_once(':').map(|(scheme, _)| scheme);
    if scheme.is_some_and(|scheme| scheme.chars().all(char::is_alphabetic)) {
        return match (scheme, Url::parse(target)) {
            (Some("http" | "https" | "mailto"), Ok(_)) => Ok(()),
            (_, Err(error)) => Err(format!("is no URL: {error}")),
            _ => Err("is neither http, https, mailto nor a path".to_owned()),
        };
    }
    let (target, anchor) = match target.split_once('#') {
        Some((target, anchor)) => (target, Some(anchor)),
        None => (target, None),
    };
    if target.starts_with('/') {
        return Err("starts with `/`; it must be a path from this file".to_owned());
    }
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let file = dir.join(folder).join(target.replace("%20", " "));
    if target.is_empty() {
        return anchor.map_or(Err("is empty".to_owned()), |anchor| heading(text, anchor));
    }
    // Resolved, so that a path cannot climb out of the cut and still find something.
    let inside = file.canonicalize().ok().zip(dir.canonicalize().ok());
    if !inside.is_some_and(|(file, dir)| file.starts_with(dir)) {
        return Err("leads to nothing in this lesson".to_owned());
    }
    let Some(anchor) = anchor else { return Ok(()) };
    let linked =
        std::fs::read_to_string(&file).map_err(|_| "has an anchor in no text".to_owned())?;
    if target.ends_with(".md") {
        heading(&linked, anchor)
    } else {
        code_lines(&linked, anchor)
    }
}

fn heading(text: &str, anchor: &str) -> Result<(), String> {
    let headings = heading_anchors(text);
    let ids = ID.captures_iter(text).any(|found| &found[1] == anchor);
    if ids || headings.iter().any(|heading| heading == anchor) {
        return Ok(());
    }
    Err(format!(
        "names no heading; the headings are {}",
        headings.join(", ")
    ))
}

/// `L12` or `L12-L40`, as GitHub understands them.
fn code_lines(text: &str, anchor: &str) -> Result<(), String> {
    let last = anchor
        .rsplit('-')
        .next()
        .and_then(|last| last.strip_prefix('L'));
    match last.and_then(|last| last.parse::<usize>().ok()) {
        Some(line) if (1..=text.lines().count()).contains(&line) => Ok(()),
        _ => Err("names no line of that file".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tree::{self, File, Mode};
    use super::*;

    fn checked(text: &str) -> Result<(), String> {
        let dir = tempfile::tempdir().unwrap();
        let file = |text: &str| File {
            mode: Mode::Plain,
            bytes: text.into(),
        };
        let cut = Tree::from([
            ("docs/a.md".to_owned(), file(text)),
            ("README.md".to_owned(), file("# One two\n<a id=\"x\">\n")),
            ("src/a.rs".to_owned(), file("a\nb\n")),
        ]);
        tree::write(&cut, dir.path()).unwrap();
        check(dir.path(), &cut).map_err(|error| error.to_string())
    }

    #[test]
    fn good_links_pass() {
        let text = "\
# Own heading
[a](../README.md) [b](../README.md#one-two \"title\") [c](#own-heading) ![d](../src/a.rs#L1-L2)
[e](../src) [f](https://example.com/x_(y)) <img alt=\"\" src=\"../src/a.rs\"> [g](../README.md#x)
`[h](nothing)`

[i]: ../README.md
```text
[j](nothing)
```
";
        assert_eq!(checked(text), Ok(()));
    }

    #[test]
    fn broken_links_are_named() {
        let wrong = [
            ("[a](b.md)", "`b.md` leads to nothing in this lesson"),
            ("[a](../../)", "`../../` leads to nothing in this lesson"),
            (
                "[a](../README.md#two)",
                "names no heading; the headings are one-two",
            ),
            ("[a](#two)", "names no heading"),
            ("[a](../src/a.rs#L3)", "names no line of that file"),
            ("[a](/src)", "starts with `/`"),
            ("[a](https://)", "is no URL"),
            ("[a](code:src/a.rs)", "is neither http"),
            ("![a](b.png)", "`b.png` leads to nothing"),
            ("<img src=\"b.png\">", "`b.png` leads to nothing"),
            ("[a]: b.md", "`b.md` leads to nothing"),
        ];
        for (text, reason) in wrong {
            let error = checked(&format!("\n{text}\n")).unwrap_err();
            assert!(
                error.starts_with("in the cut, docs/a.md:2: the link"),
                "{error}"
            );
            assert!(error.contains(reason), "{error}");
        }
    }
}
