//! What a walkthrough says about the code: links to it and excerpts of it.
//!
//! They name code by what it is called, not by its line, so they stay true when lines move.
//! They are resolved in the finished cut, where a name that is gone is an error.

use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use anyhow::{Context, anyhow, bail};
use regex::{Captures, Regex};

use crate::anchors::{self, Place};
use crate::console;
use crate::markdown::{Kind, lines};

static LINK: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\]\(code:([^)#\s]+)(?:#([^)\s]+))?\)").expect("a valid pattern"));
static EXCERPT: LazyLock<Regex> = LazyLock::new(|| {
    let pattern = r"^\s*<!--\s*excerpt:\s*([^#\s]+)(?:#(.*?))?\s*-->\s*$";
    Regex::new(pattern).expect("a valid pattern")
});
/// At the beginning of a line only: within an item of a list, the patch would be indented in the file, and fit nothing.
static ANSWER: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^<!-- answer: (\d+) -->$").expect("a valid pattern"));

/// Resolves the directives of `text`, which is to stand at `path` in the cut in `dir`.
///
/// `source` is where the text comes from, for messages, and `answer` gives the patch that answers an exercise.
///
/// # Errors
/// When a directive names something that the cut does not have, or has more than once.
pub fn resolve(
    dir: &Path,
    path: &str,
    source: &str,
    text: &str,
    answer: &dyn Fn(usize) -> anyhow::Result<String>,
) -> anyhow::Result<String> {
    let cut = Cut {
        dir,
        up: "../".repeat(path.matches('/').count()),
        answer,
    };
    let mut resolved = String::new();
    for line in lines(text) {
        let written = match line.kind {
            Kind::Text => cut.text_line(line.text),
            // The words behind `console` are for the tool, not for the reader.
            Kind::Open(info) if console::is_console(info) => {
                Ok(line.text.replace(info, console::LANGUAGE))
            }
            Kind::Open(_) | Kind::Code | Kind::Close => Ok(line.text.to_owned()),
        };
        let written = written.map_err(|error| anyhow!("{source}:{}: {error:#}", line.number))?;
        writeln!(resolved, "{written}")?;
    }
    if !text.ends_with('\n') {
        resolved.pop();
    }
    Ok(resolved)
}

struct Cut<'a> {
    dir: &'a Path,
    /// From the folder of the text to the root.
    up: String,
    answer: &'a dyn Fn(usize) -> anyhow::Result<String>,
}

impl Cut<'_> {
    fn text_line(&self, line: &str) -> anyhow::Result<String> {
        if let Some(found) = EXCERPT.captures(line) {
            return self.excerpt(&found[1], found.get(2).map(|anchor| anchor.as_str()));
        }
        if let Some(found) = ANSWER.captures(line) {
            let patch = (self.answer)(found[1].parse()?)?;
            // The last line of a patch may be an empty line of the file, which is a space there, and counts.
            let patch = patch.strip_suffix('\n').unwrap_or(&patch);
            // With its number, so that `exercises/answer` finds it.
            return Ok(format!("```diff {}\n{patch}\n```", &found[1]));
        }
        let mut failure = None;
        let resolved = LINK.replace_all(line, |found: &Captures<'_>| {
            let anchor = found.get(2).map(|anchor| decoded(anchor.as_str()));
            self.link(&found[1], anchor.as_deref())
                .unwrap_or_else(|error| {
                    failure.get_or_insert(error);
                    String::new()
                })
        });
        match failure {
            Some(error) => Err(error),
            None if resolved.contains("](code:") => {
                bail!(
                    "a link into the code cannot be read; write %20, %28 and %29 for spaces and brackets"
                )
            }
            None => Ok(resolved.into_owned()),
        }
    }

    fn link(&self, path: &str, anchor: Option<&str>) -> anyhow::Result<String> {
        let up = &self.up;
        let Some(anchor) = anchor else {
            if !self.dir.join(path).exists() {
                bail!("{path} is not in this lesson");
            }
            return Ok(format!("]({up}{path})"));
        };
        let place = self.place(path, &self.read(path)?, anchor)?;
        Ok(format!("]({up}{path}#L{})", place.name))
    }

    fn excerpt(&self, path: &str, anchor: Option<&str>) -> anyhow::Result<String> {
        let (up, text) = (&self.up, self.read(path)?);
        let (lines, place) = match anchor {
            Some(anchor) => {
                let Place { first, last, .. } = self.place(path, &text, anchor)?;
                let lines: Vec<_> = text
                    .lines()
                    .skip(first - 1)
                    .take(last - first + 1)
                    .collect();
                let to = if last == first {
                    String::new()
                } else {
                    format!("-L{last}")
                };
                (lines, format!("#L{first}{to}"))
            }
            None => (text.lines().collect(), String::new()),
        };
        let code = dedent(&lines);
        let fence = if code.contains("```") { "````" } else { "```" };
        let language = language(path);
        Ok(format!(
            "From [`{path}`]({up}{path}{place}):\n\n{fence}{language}\n{code}\n{fence}"
        ))
    }

    fn place(&self, path: &str, text: &str, anchor: &str) -> anyhow::Result<Place> {
        anchors::locate(path, text, anchor).map_err(|error| anyhow!("{path}: {error}"))
    }

    fn read(&self, path: &str) -> anyhow::Result<String> {
        let file = self.dir.join(path);
        if !file.is_file() {
            bail!("{path} is no file of this lesson");
        }
        fs::read_to_string(file).with_context(|| format!("{path} cannot be read"))
    }
}

/// A link's target can hold neither spaces nor brackets as they are.
fn decoded(anchor: &str) -> String {
    anchor
        .replace("%20", " ")
        .replace("%28", "(")
        .replace("%29", ")")
        .replace("%25", "%")
}

fn dedent(lines: &[&str]) -> String {
    let full = lines.iter().filter(|line| !line.trim().is_empty());
    let indent = full
        .map(|line| line.len() - line.trim_start().len())
        .min()
        .unwrap_or(0);
    let lines: Vec<_> = lines
        .iter()
        .map(|line| line.get(indent..).unwrap_or_default())
        .collect();
    lines.join("\n")
}

/// What GitHub calls the language of a file.
fn language(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    if name.starts_with("Dockerfile") {
        return "dockerfile";
    }
    match name.rsplit_once('.').map_or("", |(_, kind)| kind) {
        "rs" => "rust",
        "yml" => "yaml",
        "sh" => "bash",
        "mjs" => "js",
        "Dockerfile" => "dockerfile",
        kind @ ("toml" | "yaml" | "hcl" | "ts" | "js" | "json" | "html" | "css") => kind,
        _ => "text",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dir() -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        let code =
            "mod a {\n    /// Doc.\n    #[inline]\n    pub fn f() {\n        g();\n    }\n}\n";
        fs::create_dir(dir.path().join("src")).unwrap();
        fs::write(dir.path().join("src/a.rs"), code).unwrap();
        fs::write(
            dir.path().join("compose.yml"),
            "services:\n  web:\n    image: a (b)\n",
        )
        .unwrap();
        dir
    }

    fn resolved(path: &str, text: &str) -> String {
        let source = "lessons/1_a/README.md";
        resolve(dir().path(), path, source, text, &answer).unwrap()
    }

    fn failure(text: &str) -> String {
        let source = "lessons/1_a/README.md";
        let resolved = resolve(dir().path(), "README.md", source, text, &answer);
        resolved.unwrap_err().to_string()
    }

    fn answer(number: usize) -> anyhow::Result<String> {
        match number {
            1 => Ok("--- a/x\n+++ b/x\n \n".to_owned()),
            _ => bail!("no answer"),
        }
    }

    #[test]
    fn an_answer_is_its_patch() {
        let text = "<!-- answer: 1 -->\nSo.\n";
        let expected = "```diff 1\n--- a/x\n+++ b/x\n \n```\nSo.\n";
        assert_eq!(resolved("README.md", text), expected);
        let error = failure("<!-- answer: 2 -->");
        assert_eq!(error, "lessons/1_a/README.md:1: no answer");
    }

    #[test]
    fn links_get_line_numbers() {
        let text = "See [f](code:src/a.rs#f), [the file](code:src/a.rs)\nand [web](code:compose.yml#services.web).";
        let expected = "See [f](src/a.rs#L4), [the file](src/a.rs)\nand [web](compose.yml#L2).";
        assert_eq!(resolved("README.md", text), expected);
        assert_eq!(
            resolved("docs/a.md", "[f](code:src/a.rs#f)\n"),
            "[f](../src/a.rs#L4)\n"
        );
        let quoted = "[i](code:compose.yml#\"a%20%28b%29\")";
        assert_eq!(resolved("README.md", quoted), "[i](compose.yml#L3)");
    }

    #[test]
    fn excerpts_hold_the_code() {
        let expected = "From [`src/a.rs`](src/a.rs#L2-L6):\n\n```rust\n/// Doc.\n#[inline]\n\
                        pub fn f() {\n    g();\n}\n```\n";
        assert_eq!(
            resolved("README.md", "<!-- excerpt: src/a.rs#a::f -->\n"),
            expected
        );
        let whole = resolved("README.md", "<!-- excerpt: compose.yml -->");
        assert!(whole.starts_with("From [`compose.yml`](compose.yml):\n\n```yaml\nservices:\n"));
        let line = resolved("README.md", "<!-- excerpt: compose.yml#\"a (b)\" -->");
        assert!(
            line.contains("(compose.yml#L3):\n\n```yaml\nimage: a (b)\n```"),
            "{line}"
        );
    }

    #[test]
    fn code_stays_as_it_is_but_for_the_words_behind_console() {
        let text =
            "```console docker fails\n$ [f](code:x)\n```\n```text\n<!-- excerpt: x -->\n```\n";
        assert_eq!(
            resolved("README.md", text),
            text.replace("console docker fails", "console")
        );
    }

    #[test]
    fn what_is_not_there_is_named() {
        let place = "lessons/1_a/README.md:2: ";
        let missing = failure("a\n[x](code:src/b.rs)");
        assert_eq!(missing, format!("{place}src/b.rs is not in this lesson"));
        let missing = failure("a\n[x](code:src/a.rs#x)");
        assert!(
            missing.starts_with(&format!("{place}src/a.rs: there is no `x`")),
            "{missing}"
        );
        let unread = failure("a\n[x](code:src/a.rs#\"pub fn\")");
        assert!(
            unread.starts_with(&format!("{place}a link into the code cannot be read")),
            "{unread}"
        );
        let missing = failure("a\n<!-- excerpt: src -->");
        assert_eq!(missing, format!("{place}src is no file of this lesson"));
    }
}
