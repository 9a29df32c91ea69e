//! Which tests of a cut are its own. All others are run by main, or by the lesson that they came with.

use crate::course::Lesson;
use crate::cutter::Cutter;
use crate::tree::Tree;

/// Where the tests of the system stand, one module a lesson.
const ACCEPTANCE: &str = "tools/acceptance/tests/acceptance/main.rs";

/// One call of `cargo test`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tests {
    /// What it is called with.
    pub arguments: Vec<String>,
    /// Whether it is a mistake if no test is found, as one of a name that was misspelled.
    pub must_find: bool,
}

/// The tests in Rust of the cut that holds `files`: those inside of its crates, and of the system those of `lesson` and of the
/// problem that it leaves. With `everything`, all.
///
/// Each call is about the whole workspace, even where it needs a part: cargo would otherwise choose other features for the
/// dependencies, and compile them anew.
pub fn rust_tests(lesson: &Lesson, files: &Tree, everything: bool) -> Vec<Tests> {
    let call = |words: &str, must_find| Tests {
        arguments: format!("test --locked --workspace{words}")
            .split(' ')
            .map(str::to_owned)
            .collect(),
        must_find,
    };
    if everything {
        return vec![call("", false)];
    }
    let mut inside = " --lib --bins".to_owned();
    for path in files.keys().filter(|path| *path != ACCEPTANCE) {
        if let Some(name) = integration_test(path) {
            inside += &format!(" --test {name}");
        }
    }
    let mut calls = vec![call(&inside, false)];
    if files.contains_key(ACCEPTANCE) {
        let number = lesson.number;
        let words = format!(" --test acceptance -- lesson_{number}:: problem::");
        calls.push(call(&words, true));
    }
    calls
}

/// The tests in a browser of the cut that holds `files`, by the words that `cargo xtask browser` takes: those that the lesson
/// before has not, or has otherwise.
///
/// # Errors
/// When the lesson before cannot be read.
pub fn browser_tests(
    cutter: &Cutter,
    lesson: &Lesson,
    files: &Tree,
) -> anyhow::Result<Vec<String>> {
    let before = match lesson.number.checked_sub(1) {
        Some(number) => cutter.sketch(&cutter.course.lessons[number])?,
        None => Tree::new(),
    };
    let own = files
        .iter()
        .filter(|(path, file)| before.get(*path) != Some(file));
    let names =
        own.filter_map(|(path, _)| path.strip_prefix("client/e2e/")?.strip_suffix(".test.mjs"));
    Ok(names.map(str::to_owned).collect())
}

/// The name by which cargo knows the file at `path`, if that is a test of its own beside a crate.
fn integration_test(path: &str) -> Option<&str> {
    match path.split('/').collect::<Vec<_>>()[..] {
        ["crates" | "tools", _, "tests", file] => file.strip_suffix(".rs"),
        ["crates" | "tools", _, "tests", folder, "main.rs"] => Some(folder),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::repository::{repository, write};

    fn words(calls: &[Tests]) -> Vec<String> {
        calls.iter().map(|call| call.arguments.join(" ")).collect()
    }

    #[test]
    fn a_cut_runs_what_is_its_own() {
        let dir = repository();
        for path in [
            ACCEPTANCE,
            "tools/acceptance/tests/acceptance/lesson_1.rs",
            "crates/base/tests/hello.rs",
        ] {
            write(dir.path(), path, "");
        }
        let toml = dir.path().join("lessons/lessons.toml");
        let text = std::fs::read_to_string(&toml).unwrap();
        std::fs::write(&toml, text.replace("\"crates\",", "\"crates\", \"tools\",")).unwrap();
        let cutter = Cutter::of_worktree(dir.path()).unwrap();
        let lesson = cutter.course.lesson("1").unwrap();
        let cut = cutter.sketch(lesson).unwrap();
        assert_eq!(
            words(&rust_tests(lesson, &cut, false)),
            [
                "test --locked --workspace --lib --bins --test hello",
                "test --locked --workspace --test acceptance -- lesson_1:: problem::"
            ]
        );
        let all = rust_tests(lesson, &cut, true);
        assert_eq!(words(&all), ["test --locked --workspace"]);
    }

    #[test]
    fn a_browser_runs_what_the_lesson_before_does_not() {
        let dir = repository();
        for (folder, name, text) in [
            ("deep", "unrelated", ""),
            ("lessons/1_more/client/e2e", "first", "1"),
            ("lessons/1_more/client/e2e", "both", "1"),
            ("lessons/2_most/client/e2e", "both", "2"),
            ("lessons/2_most/client/e2e", "second", "2"),
        ] {
            write(dir.path(), &format!("{folder}/{name}.test.mjs"), text);
        }
        let cutter = Cutter::of_worktree(dir.path()).unwrap();
        let own = |name: &str| {
            let lesson = cutter.course.lesson(name).unwrap();
            browser_tests(&cutter, lesson, &cutter.sketch(lesson).unwrap()).unwrap()
        };
        assert_eq!(own("0"), [""; 0]);
        assert_eq!(own("1"), ["both", "first"]);
        assert_eq!(own("2"), ["both", "second"]);
    }
}
