//! Exercises: what a cut has of them, and how they are tried.

use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

use super::repository::{repository, write};
use crate::console::ConsoleBlock;
use crate::cutter::Cutter;
use crate::report::Report;
use crate::trial::Trial;
use crate::walkthrough::{Engine, Output};

const CHECK: &str = "\
test -e given || { echo 'not yet: nothing is given'; exit 1; }
grep -q right given || { echo 'not yet: that is wrong'; exit 1; }
echo 'done: given'
";

const LISTED: &str = "\
[[exercise]]
number = 1
plain = \"not yet: nothing\"
wrong = \"not yet: that is wrong\"
";

fn patch(text: &str) -> String {
    format!(
        "diff --git a/given b/given\nnew file mode 100644\n--- /dev/null\n+++ b/given\n@@ -0,0 +1 @@\n+{text}\n"
    )
}

/// The small course, with an exercise in lesson 1.
fn with_exercise() -> TempDir {
    let dir = repository();
    for (path, text) in [
        ("exercises/1", CHECK),
        ("answers/1.patch", &patch("right")),
        ("answers/1.wrong.patch", &patch("left")),
        ("answers/exercises.toml", LISTED),
        ("README.md", "# More\n\n<!-- answer: 1 -->\n"),
    ] {
        write(dir.path(), &format!("lessons/1_more/{path}"), text);
    }
    dir
}

fn cut(root: &Path) -> anyhow::Result<TempDir> {
    let cutter = Cutter::of_worktree(root)?;
    let dir = tempfile::tempdir()?;
    cutter.cut(cutter.course.lesson("1")?, dir.path())?;
    Ok(dir)
}

fn failure(root: &Path) -> String {
    format!("{:#}", cut(root).unwrap_err())
}

/// Runs commands as they are.
struct Shell(std::path::PathBuf);

impl Engine for Shell {
    fn name(&self) -> &str {
        "a shell"
    }

    fn runs(&self, _: &ConsoleBlock) -> bool {
        true
    }

    fn run(&mut self, command: &str) -> anyhow::Result<Output> {
        let output = Command::new("sh")
            .args(["-c", command])
            .current_dir(&self.0)
            .output()?;
        Ok(Output {
            status: output.status.code().unwrap_or(-1),
            text: String::from_utf8_lossy(&output.stdout).into_owned(),
        })
    }
}

/// Passed and failed steps of a trial.
fn tried(root: &Path) -> (usize, usize) {
    let cutter = Cutter::of_worktree(root).unwrap();
    let dir = cut(root).unwrap();
    let trial = Trial {
        root,
        cutter: &cutter,
        lesson: cutter.course.lesson("1").unwrap(),
        dir: dir.path(),
    };
    let mut report = Report::default();
    let mut start = || Ok(Box::new(Shell(dir.path().to_owned())) as Box<dyn Engine>);
    trial.run(false, &mut start, &mut report);
    assert!(!dir.path().join("given").exists(), "an answer was left");
    (report.passed, report.failed)
}

#[test]
fn a_cut_has_the_check_and_shows_the_answer_but_has_no_file_of_it() {
    let dir = with_exercise();
    let cut = cut(dir.path()).unwrap();
    assert!(cut.path().join("exercises/1").exists());
    assert!(!cut.path().join("answers").exists());
    let text = std::fs::read_to_string(cut.path().join("README.md")).unwrap();
    assert!(text.contains("```diff 1\ndiff --git a/given"), "{text}");
}

#[test]
fn an_answer_that_does_not_fit_is_named() {
    let dir = with_exercise();
    let other = patch("right").replace("new file mode 100644\n--- /dev/null", "--- a/given");
    write(
        dir.path(),
        "lessons/1_more/answers/1.patch",
        &other.replace("@@ -0,0 +1 @@", "@@ -1 +1 @@\n-gone"),
    );
    let error = failure(dir.path());
    assert!(
        error.contains("lessons/1_more/answers/1.patch does not fit"),
        "{error}"
    );
}

#[test]
fn what_is_missing_or_too_much_is_named() {
    let dir = with_exercise();
    std::fs::remove_file(dir.path().join("lessons/1_more/answers/1.wrong.patch")).unwrap();
    let error = failure(dir.path());
    assert!(error.contains("1.wrong.patch is missing"), "{error}");

    let dir = with_exercise();
    write(dir.path(), "lessons/1_more/exercises/2", CHECK);
    let error = failure(dir.path());
    assert!(
        error.contains("exercises/2 is an exercise that answers/exercises.toml does not name"),
        "{error}"
    );
}

#[test]
fn it_is_tried_undone_wrong_and_right() {
    let dir = with_exercise();
    assert_eq!(tried(dir.path()), (3, 0));

    // A check that is content with everything.
    write(dir.path(), "lessons/1_more/exercises/1", "echo 'done: so'");
    assert_eq!(tried(dir.path()), (1, 2));

    // What comes next does not come.
    let dir = with_exercise();
    write(
        dir.path(),
        "lessons/1_more/answers/1.then",
        "test -e nothing",
    );
    assert_eq!(tried(dir.path()), (2, 1));
}
