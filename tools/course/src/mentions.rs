//! Checks what the texts of a cut name: a reader must never be told of a command or a file that this lesson does not have.
//!
//! The same file stands on main and in many cuts, so what is true where it was written may be wrong where it is read.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use anyhow::ensure;
use regex::Regex;

use crate::markdown::{Kind, lines};
use crate::tree::Tree;

/// The commands of main's own workshop.
static WORKSHOP: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\b(cargo xtask)\b").expect("a valid pattern"));
/// A package that cargo is told to take.
static PACKAGE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\bcargo [a-z][^`|;&]*?(?:-p|--package)[ =]([\w-]+)").expect("a valid pattern")
});
/// The tests that cargo is told to run, by a word in their names.
static TEST: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\bcargo test (?:-p|--package)[ =]acceptance (?:-- )?([\w:]+)")
        .expect("a valid pattern")
});
/// A script of the client.
static SCRIPT: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\bnpm run ([\w:-]+)").expect("a valid pattern"));
/// The branch of a lesson.
static BRANCH: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\bgit switch (\d\w*)").expect("a valid pattern"));
/// A file by its name, with folders before it or without.
static FILE: LazyLock<Regex> = LazyLock::new(|| {
    let kinds = "rs|ts|mjs|toml|yml|lua|conf|viewer|css|json|md|hcl|html";
    Regex::new(&format!(r"[\w./-]*\w\.(?:{kinds})\b")).expect("a valid pattern")
});
/// A folder, or a file of any kind, in backticks.
static PATH: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"`((?:[A-Za-z_.][\w.-]*/)+[\w.-]*)`").expect("a valid pattern"));
/// A link to a test, or to what tests share.
static SHOWN: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\]\([\w./]*tools/acceptance/\S+\)").expect("a valid pattern"));
/// What only looks like a path: where a link leads, which `links` checks, and what lies elsewhere.
static ELSEWHERE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\]\([^)]*\)|\w+://\S+").expect("a valid pattern"));

/// What a build or a package manager makes, so no cut has it.
const MADE: [&str; 3] = ["dist", "node_modules", "target"];

/// Checks every text of `cut`. `branches` are those of all lessons.
///
/// # Errors
/// When a text names what is not there; the error names all of it, one a line.
pub fn check(cut: &Tree, branches: &[&str]) -> anyhow::Result<()> {
    let named = Named::of(cut);
    let mut wrong = BTreeSet::new();
    for (path, file) in cut.iter().filter(|(path, _)| !path.contains("lock")) {
        let text = file.text().unwrap_or_default();
        let is_markdown = path.ends_with(".md");
        if is_markdown {
            wrong.extend(tests_without_a_command(path, text));
        }
        for line in lines_of(text, is_markdown) {
            let mut missing = named.commands(line.text, branches);
            if line.is_prose {
                missing.extend(named.paths(line.text));
            }
            let place = |what| format!("{path}:{}: {what}", line.number);
            wrong.extend(missing.into_iter().map(place));
        }
    }
    ensure!(
        wrong.is_empty(),
        "a text names what this lesson does not have:\n{}",
        Vec::from_iter(wrong).join("\n")
    );
    Ok(())
}

/// The paragraphs that show a test and do not say how to run it. A reader who is told that a test shows something wants to see it.
fn tests_without_a_command(path: &str, text: &str) -> Vec<String> {
    let lines = lines(text);
    let paragraphs = lines.split(|line| line.kind == Kind::Text && line.text.trim().is_empty());
    let silent = paragraphs.filter_map(|paragraph| {
        let shows = paragraph
            .iter()
            .find(|line| line.kind == Kind::Text && SHOWN.is_match(line.text))?;
        let told = paragraph
            .iter()
            .any(|line| line.text.contains("cargo test"));
        (!told).then(|| {
            format!(
                "{path}:{}: a test is shown here, and no `cargo test` that runs it",
                shows.number
            )
        })
    });
    silent.collect()
}

struct Line<'a> {
    number: usize,
    text: &'a str,
    /// Whether it is for people alone: in code, what looks like a path may be anything.
    is_prose: bool,
}

fn lines_of(text: &str, is_markdown: bool) -> Vec<Line<'_>> {
    if is_markdown {
        let lines = lines(text).into_iter().map(|line| Line {
            number: line.number,
            text: line.text,
            is_prose: line.kind == Kind::Text,
        });
        return lines.collect();
    }
    let lines = text.lines().enumerate().map(|(index, text)| Line {
        number: index + 1,
        text,
        is_prose: is_comment(text),
    });
    lines.collect()
}

fn is_comment(line: &str) -> bool {
    let line = line.trim_start();
    let begins = ["//", "# ", "<!--", "/*", "* "];
    begins.iter().any(|begin| line.starts_with(begin))
}

/// What a cut has that a text may name.
struct Named<'a> {
    cut: &'a Tree,
    /// Files and folders.
    paths: BTreeSet<&'a str>,
    packages: BTreeSet<String>,
    scripts: BTreeSet<String>,
}

impl<'a> Named<'a> {
    fn of(cut: &'a Tree) -> Self {
        let text = |path: &str| cut.get(path).and_then(|file| file.text());
        let mut named = Self {
            cut,
            paths: BTreeSet::new(),
            packages: BTreeSet::new(),
            scripts: BTreeSet::new(),
        };
        for path in cut.keys() {
            named.paths.insert(path);
            let folders = path.match_indices('/').map(|(end, _)| &path[..end]);
            named.paths.extend(folders);
            if path.ends_with("Cargo.toml") {
                let manifest: Option<toml::Table> =
                    text(path).and_then(|text| toml::from_str(text).ok());
                let name = manifest.as_ref().and_then(|manifest| {
                    let package = manifest.get("package")?;
                    package.get("name")?.as_str()
                });
                named.packages.extend(name.map(str::to_owned));
            }
            if path.ends_with("package.json") {
                let manifest: Option<serde_json::Value> =
                    text(path).and_then(|text| serde_json::from_str(text).ok());
                let scripts = manifest.as_ref().and_then(|manifest| {
                    let scripts = manifest.get("scripts")?;
                    scripts.as_object()
                });
                named
                    .scripts
                    .extend(scripts.into_iter().flat_map(|all| all.keys().cloned()));
            }
        }
        named
    }

    fn commands(&self, line: &str, branches: &[&str]) -> Vec<String> {
        let mut missing = Vec::new();
        let mut look = |pattern: &Regex, what: &str, has: &dyn Fn(&str) -> bool| {
            for found in pattern.captures_iter(line) {
                if !has(&found[1]) {
                    missing.push(format!("there is no {what} `{}`", &found[1]));
                }
            }
        };
        // Where it is said to be main's, nobody looks for it here.
        let on_main = line.contains("branch main") || line.contains("`main`");
        look(&WORKSHOP, "command", &|_| on_main);
        look(&PACKAGE, "package", &|name| self.packages.contains(name));
        look(&TEST, "test", &|name| self.has_test(name));
        look(&SCRIPT, "script", &|name| self.scripts.contains(name));
        look(&BRANCH, "branch", &|name| branches.contains(&name));
        missing
    }

    fn paths(&self, line: &str) -> Vec<String> {
        let line = ELSEWHERE.replace_all(line, " ");
        let files = FILE.find_iter(&line).map(|found| found.as_str().to_owned());
        let quoted = PATH.captures_iter(&line).map(|found| found[1].to_owned());
        let all: BTreeSet<_> = files.chain(quoted).collect();
        let missing = all.into_iter().filter(|path| !self.has_path(path));
        missing
            .map(|path| format!("there is no `{path}`"))
            .collect()
    }

    /// Whether there is such a file or folder, here or in some folder: a text may name it from where it stands.
    fn has_path(&self, path: &str) -> bool {
        let path = path.trim_start_matches(['.', '/']).trim_end_matches('/');
        let parts = || path.split('/');
        let stands_for_another =
            |part: &str| part.chars().any(char::is_uppercase) && !part.contains(char::is_lowercase);
        let placeholder =
            parts().any(|part| stands_for_another(part.split('.').next().unwrap_or(part)));
        let known = self.paths.iter().any(|known| {
            known
                .strip_suffix(path)
                .is_some_and(|before| before.is_empty() || before.ends_with('/'))
        });
        known || (placeholder && path != "README.md") || parts().any(|part| MADE.contains(&part))
    }

    /// Whether each part of `name`, as in `lesson_1::a_test`, is the name of a module or a function of the acceptance tests.
    fn has_test(&self, name: &str) -> bool {
        let tests = self
            .cut
            .iter()
            .filter(|(path, _)| path.starts_with("tools/acceptance/tests/"));
        let tests: Vec<_> = tests
            .filter_map(|(path, file)| Some((path, file.text()?)))
            .collect();
        name.split("::")
            .filter(|part| !part.is_empty())
            .all(|part| {
                tests.iter().any(|(path, text)| {
                    path.split('/')
                        .any(|step| step.trim_end_matches(".rs") == part)
                        || text.contains(&format!("fn {part}"))
                })
            })
    }
}

#[cfg(test)]
mod tests {
    use super::super::tree::{File, Mode};
    use super::*;

    fn cut(path: &str, text: &str) -> Tree {
        let file = |text: &str| File {
            mode: Mode::Plain,
            bytes: text.into(),
        };
        Tree::from([
            ("Cargo.toml".to_owned(), file("[workspace]\n")),
            (
                "client/package.json".to_owned(),
                file(r#"{"scripts":{"e2e":"x"}}"#),
            ),
            (
                "tools/acceptance/Cargo.toml".to_owned(),
                file("[package]\nname = \"acceptance\"\n"),
            ),
            (
                "tools/acceptance/tests/acceptance/lesson_1.rs".to_owned(),
                file("fn it_works() {}\n"),
            ),
            ("redis/sessions.conf".to_owned(), file("")),
            (path.to_owned(), file(text)),
        ])
    }

    fn problems(path: &str, text: &str) -> String {
        let checked = check(&cut(path, text), &["0_base"]);
        checked.map_or_else(|error| error.to_string(), |()| String::new())
    }

    #[test]
    fn what_is_there_may_be_named() {
        let text = "\
`cargo test`, `cargo test -p acceptance lesson_1::it_works`, `npm run e2e` in `client/`, `git switch 0_base`,
`redis/sessions.conf`, sessions.conf, `redis/NAME.conf`, `client/dist`, https://example.com/a.rs, [x](a.rs);
`cargo xtask tools` on branch main
```sh
let a = \"b.rs\"
```
";
        assert_eq!(problems("README.md", text), "");
        assert_eq!(
            problems("src/a.rs", "// See sessions.conf.\nlet a = \"b.rs\";\n"),
            ""
        );
    }

    #[test]
    fn what_is_not_there_is_named() {
        for (text, missing) in [
            ("`cargo xtask bench`", "command `cargo xtask`"),
            ("`cargo run --release -p bench`", "package `bench`"),
            ("`cargo test -p acceptance lesson_2`", "test `lesson_2`"),
            ("`npm run build`", "script `build`"),
            ("`git switch 1_next`", "branch `1_next`"),
            ("pubsub.conf", "`pubsub.conf`"),
            ("`crates/messages/`", "`crates/messages/`"),
        ] {
            let error = problems("README.md", &format!("\n{text}\n"));
            let expected = format!("README.md:2: there is no {missing}");
            assert!(error.contains(&expected), "{error}");
            let error = problems("src/a.rs", &format!("/// {text}\n"));
            assert!(error.contains("src/a.rs:1: there is no "), "{error}");
        }
    }

    #[test]
    fn a_test_comes_with_its_command() {
        let link = "See\n[it_works](tools/acceptance/tests/acceptance/lesson_1.rs#L1)";
        let error = problems("README.md", &format!("{link}.\n\n`cargo test`\n"));
        assert!(error.contains("README.md:2: a test is shown"), "{error}");
        let told = format!("{link}:\n`cargo test -p acceptance it_works`.\n");
        assert_eq!(problems("README.md", &told), "");
    }

    #[test]
    fn a_command_in_a_message_counts() {
        let error = problems("src/a.rs", "bail!(\"try: cargo xtask tools\")\n");
        assert!(error.contains("src/a.rs:1"), "{error}");
    }
}
