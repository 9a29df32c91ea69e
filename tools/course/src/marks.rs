//! The marks that say with which lesson a line enters or leaves, and where they may stand.

use std::sync::LazyLock;

use regex::Regex;

/// The marks that are understood, for messages.
pub const FORMS: &str = "`lesson N`, `lesson N only` and `lessons N to M only`";

/// The lessons that a mark names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// `lesson 2`: in this lesson and all that follow.
    From(usize),
    /// `lesson 1 only`, `lessons 1 to 3 only`: in these and in no other.
    Only(usize, usize),
}

impl Mark {
    /// Whether `lesson` has what the mark governs.
    pub fn holds(self, lesson: usize) -> bool {
        match self {
            Self::From(first) => lesson >= first,
            Self::Only(first, last) => (first..=last).contains(&lesson),
        }
    }

    /// Whether a later lesson removes what the mark governs.
    pub fn is_only(self) -> bool {
        matches!(self, Self::Only(..))
    }

    /// The lesson whose learner sees the change: the one that adds what the mark governs, or the one that removes it. `last` is the
    /// last lesson.
    pub fn brought_by(self, last: usize) -> usize {
        match self {
            Self::From(first) => first,
            Self::Only(_, until) if until < last => until + 1,
            Self::Only(first, _) => first,
        }
    }

    /// Reads a comment's text, which begins with `lesson` and a number.
    fn parse(comment: &str) -> Result<Self, String> {
        let words: Vec<_> = comment.split(' ').collect();
        let mark = match words.as_slice() {
            ["lesson", first] => number(first).map(Self::From),
            ["lesson", first, "only"] => number(first).map(|first| Self::Only(first, first)),
            ["lessons", first, "to", last, "only"] => number(first)
                .zip(number(last))
                .map(|(first, last)| Self::Only(first, last)),
            _ => None,
        };
        mark.ok_or_else(|| {
            format!("`{comment}` is no mark; {FORMS} are, and no other comment may begin so")
        })
    }
}

/// How a kind of file writes its comments.
pub struct Leader {
    /// What begins a comment.
    open: &'static str,
    /// What ends it; empty where the line's end does.
    close: &'static str,
    alone: Regex,
    trailing: Regex,
}

static LEADERS: LazyLock<[Leader; 4]> = LazyLock::new(|| {
    [
        Leader::new("//", ""),
        Leader::new("#", ""),
        Leader::new("<!--", "-->"),
        Leader::new("/*", "*/"),
    ]
});

impl Leader {
    /// The comments of the file at `path`; none for a kind of file that has no marks.
    pub fn of(path: &str) -> Option<&'static Self> {
        let name = path.rsplit('/').next().unwrap_or(path);
        let [slashes, hash, html, css] = &*LEADERS;
        let named = matches!(name, "Dockerfile" | ".gitignore" | ".dockerignore");
        if named || name.starts_with("Dockerfile.") || name.starts_with(".env") {
            return Some(hash);
        }
        match name.rsplit_once('.')?.1 {
            "rs" | "ts" | "js" | "mjs" => Some(slashes),
            "toml" | "yml" | "yaml" | "sh" | "hcl" | "conf" | "Dockerfile" => Some(hash),
            "html" => Some(html),
            "css" => Some(css),
            _ => None,
        }
    }

    /// Finds the mark of `line`, with what stands before it.
    ///
    /// # Errors
    /// When a comment begins like a mark and is none.
    pub fn find<'a>(&self, line: &'a str) -> Result<Option<(&'a str, Mark)>, String> {
        for pattern in [&self.alone, &self.trailing] {
            if let Some(found) = pattern.captures(line) {
                let (_, [before, comment]) = found.extract();
                return Ok(Some((before, Mark::parse(comment)?)));
            }
        }
        Ok(None)
    }

    /// Takes the comment signs off `line` and keeps its indentation; none if it is no comment.
    pub fn uncomment(&self, line: &str) -> Option<String> {
        let start = line.len() - line.trim_start().len();
        let (indent, comment) = line.split_at(start);
        let inner = comment.strip_prefix(self.open)?;
        // A doc comment is documentation, not a line that was commented out.
        if self.open == "//" && inner.starts_with(['/', '!']) {
            return None;
        }
        let inner = inner.strip_prefix(' ').unwrap_or(inner).trim_end();
        let inner = inner.strip_suffix(self.close)?.trim_end();
        if inner.is_empty() {
            Some(String::new())
        } else {
            Some(format!("{indent}{inner}"))
        }
    }

    fn new(open: &'static str, close: &'static str) -> Self {
        let (begin, end) = (regex::escape(open), regex::escape(close));
        // Capitals are caught too, so that `Lesson 2` is reported and not passed over.
        let mark = |text: &str| format!(r"{begin}\s*((?i:lessons?)\s+\d{text}*?)\s*{end}\s*$");
        // A trailing mark runs to the line's end without a quote: `"see // lesson 2"` is a string.
        // The patterns are constants, so they compile or the tests fail.
        let compile = |pattern: String| Regex::new(&pattern).expect("a valid pattern");
        Self {
            open,
            close,
            alone: compile(format!(r"^(\s*){}", mark("."))),
            trailing: compile(format!(r#"^(.*?\s){}"#, mark(r#"[^"`]"#))),
        }
    }
}

/// A number without a sign and without zeros in front, so that a mark has one spelling.
fn number(word: &str) -> Option<usize> {
    word.parse()
        .ok()
        .filter(|number: &usize| number.to_string() == word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leader(path: &str) -> &'static Leader {
        Leader::of(path).unwrap()
    }

    #[test]
    fn the_kind_of_file_decides_the_comment() {
        for path in ["a.rs", "x/a.ts", "vite.config.js", "a.mjs"] {
            assert_eq!(leader(path).open, "//", "{path}");
        }
        let hashed = [
            "a.yml",
            "Dockerfile",
            "docker/Dockerfile.web",
            "web.Dockerfile",
            ".env.dev",
        ];
        for path in hashed
            .into_iter()
            .chain(["a/.gitignore", "run.sh", "consul.hcl"])
        {
            assert_eq!(leader(path).open, "#", "{path}");
        }
        assert_eq!(leader("index.html").open, "<!--");
        assert_eq!(leader("a.css").open, "/*");
        for path in ["README.md", "package.json", "LICENSE", "a.svg"] {
            assert!(Leader::of(path).is_none(), "{path}");
        }
    }

    #[test]
    fn marks_are_read() {
        let find = |path, line| leader(path).find(line);
        assert_eq!(
            find("a.rs", "    // lesson 2"),
            Ok(Some(("    ", Mark::From(2))))
        );
        assert_eq!(
            find("a.rs", "a(); // lesson 12"),
            Ok(Some(("a(); ", Mark::From(12))))
        );
        assert_eq!(
            find("a.yml", "a: 1  #lesson 1 only "),
            Ok(Some(("a: 1  ", Mark::Only(1, 1))))
        );
        let mark = Mark::Only(1, 3);
        assert_eq!(
            find("a.html", "<!-- lessons 1 to 3 only -->"),
            Ok(Some(("", mark)))
        );
        assert_eq!(
            find("a.css", "a {} /* lesson 2 */"),
            Ok(Some(("a {} ", Mark::From(2))))
        );
    }

    #[test]
    fn strings_and_prose_are_no_marks() {
        let lines = [
            r#"let a = "see // lesson 2";"#,
            "// in lesson 2",
            "/// lesson 2",
            "// lessons",
            "// lesson two",
            "http://lesson 2",
            "# lesson 2",
        ];
        for line in lines {
            assert_eq!(leader("a.rs").find(line), Ok(None), "{line}");
        }
    }

    #[test]
    fn what_begins_like_a_mark_must_be_one() {
        let comments = [
            "lesson 2 adds this",
            "lessons 2",
            "lesson 2 to 3 only",
            "lessons 2 to 3",
            "lesson 02",
            "lesson  2",
            "Lesson 2",
            "lesson 2.",
            "lesson 99999999999999999999999",
        ];
        for comment in comments {
            for line in [format!("// {comment}"), format!("a(); // {comment}")] {
                let error = leader("a.rs").find(&line).unwrap_err();
                assert!(error.contains("is no mark; `lesson N`"), "{error}");
            }
        }
    }

    #[test]
    fn comments_are_opened() {
        let open = |path, line| leader(path).uncomment(line);
        assert_eq!(open("a.rs", "    // a();").as_deref(), Some("    a();"));
        assert_eq!(open("a.rs", "    //   a();").as_deref(), Some("      a();"));
        assert_eq!(open("a.yml", "  #- a").as_deref(), Some("  - a"));
        assert_eq!(
            open("a.html", " <!-- <p>a</p> -->").as_deref(),
            Some(" <p>a</p>")
        );
        assert_eq!(open("a.rs", "  //").as_deref(), Some(""));
        for line in ["a();", "/// a", "//! a"] {
            assert_eq!(open("a.rs", line), None, "{line}");
        }
    }
}
