//! What a cut holds, and what it refuses.

use std::fs;
use std::path::Path;

use proptest::prelude::*;

use super::repository::{repository, write};
use crate::course::Course;
use crate::cutter::{self, Cutter};
use crate::tree::{File, Mode, Tree};

fn cut(root: &Path, lesson: &str) -> anyhow::Result<Tree> {
    let cutter = Cutter::of_worktree(root)?;
    let dir = tempfile::tempdir()?;
    cutter.cut(cutter.course.lesson(lesson)?, &dir.path().join("cut"))
}

fn text<'a>(tree: &'a Tree, path: &str) -> &'a str {
    tree[path].text().unwrap()
}

fn failure(root: &Path) -> String {
    format!("{:#}", cut(root, "1").unwrap_err())
}

#[test]
fn the_first_lesson_holds_only_what_enters_with_it() {
    let repository = repository();
    let tree = cut(repository.path(), "0_base").unwrap();
    let paths: Vec<_> = tree.keys().map(String::as_str).collect();
    let expected = "Cargo.lock Cargo.toml crates/base/Cargo.toml crates/base/src/lib.rs data.bin \
                    deep/er/and/deeper.txt link run.sh";
    assert_eq!(paths.join(" "), expected);
    assert!(!text(&tree, "Cargo.lock").contains("more"));
    assert!(!text(&tree, "Cargo.toml").contains("more"));
    // rustfmt has joined what the cut left on lines of its own.
    let base =
        "//! The base.\n\n/// Greets.\npub fn greet() -> String {\n    \"hello\".to_owned()\n}\n";
    assert_eq!(text(&tree, "crates/base/src/lib.rs"), base);
}

#[test]
fn later_lessons_add_to_it() {
    let repository = repository();
    let tree = cut(repository.path(), "1").unwrap();
    assert_eq!(text(&tree, "docker/Dockerfile"), "FROM scratch\nRUN b");
    assert!(text(&tree, "Cargo.lock").contains("more"));
    let readme = text(&tree, "README.md");
    assert!(
        readme.contains("It [greets](crates/base/src/lib.rs#L4)."),
        "{readme}"
    );
    let excerpt = "From [`crates/base/src/lib.rs`](crates/base/src/lib.rs#L3-L6):\n\n```rust\n\
                   /// Greets.\npub fn greet(who: &str) -> String {\n    format!(\"hello {who}\")\n}\n```\n";
    assert!(readme.contains(excerpt), "{readme}");
    assert!(readme.contains("```console\n$ cat"), "{readme}");
    let last = cut(repository.path(), "2").unwrap();
    assert!(text(&last, "crates/base/src/lib.rs").contains("\nmod name;\npub use name::NAME;\n"));
    assert!(
        !last.contains_key("README.md"),
        "the walkthrough of another lesson"
    );
}

#[test]
fn bytes_modes_and_links_are_kept() {
    let repository = repository();
    let tree = cut(repository.path(), "1").unwrap();
    assert_eq!(tree["data.bin"].bytes, b"a\r\n# lesson 1\0");
    assert_eq!(tree["docs/a picture.png"].bytes, b"\0picture\r\n");
    assert_eq!(text(&tree, "deep/er/and/deeper.txt"), "deep\n");
    assert_eq!(tree["run.sh"].mode, Mode::Executable);
    assert_eq!(
        tree["link"],
        File {
            mode: Mode::Link,
            bytes: b"run.sh".to_vec()
        }
    );
}

#[test]
fn the_working_tree_is_cut_as_it_stands() {
    let repository = repository();
    let root = repository.path();
    write(root, "crates/base/src/new.txt", "untracked");
    write(root, "target/ignored.txt", "ignored");
    fs::remove_file(root.join("data.bin")).unwrap();
    let error = format!("{:#}", cut(root, "0").unwrap_err());
    assert!(error.ends_with(": `data.bin` governs no file"), "{error}");
    let course = fs::read_to_string(root.join("lessons/lessons.toml")).unwrap();
    write(
        root,
        "lessons/lessons.toml",
        &course.replace("\"data.bin\", ", ""),
    );
    let tree = cut(root, "0").unwrap();
    assert!(tree.contains_key("crates/base/src/new.txt"));
    assert!(!tree.contains_key("data.bin") && !tree.contains_key("target/ignored.txt"));
}

#[test]
fn a_download_is_cut_as_a_clone_is() {
    let repository = repository();
    let root = repository.path();
    write(root, "target/ignored.txt", "ignored");
    let of_clone = cut(root, "1").unwrap();
    fs::remove_dir_all(root.join(".git")).unwrap();
    assert_eq!(cut(root, "1").unwrap(), of_clone);
    let error = crate::branches::run(root).unwrap_err().to_string();
    assert!(error.contains("ZIP"), "{error}");
}

#[test]
fn an_own_file_holds_on_the_lessons_that_keep_it() {
    let repository = repository();
    let root = repository.path();
    let course = fs::read_to_string(root.join("lessons/lessons.toml")).unwrap();
    let course = course.replace(
        "problem = \"None.\"",
        "problem = \"None.\"\nkeeps = [\"run.sh\"]",
    );
    write(root, "lessons/lessons.toml", &course);
    let error = format!("{:#}", cut(root, "2").unwrap_err());
    assert!(
        error.ends_with("2_most keeps lessons/1_more/run.sh, which is not there"),
        "{error}"
    );
    write(root, "lessons/1_more/run.sh", "a\nb # lesson 2\n");
    assert_eq!(text(&cut(root, "0").unwrap(), "run.sh"), "#!/bin/sh\n");
    assert_eq!(text(&cut(root, "1").unwrap(), "run.sh"), "a\n");
    assert_eq!(text(&cut(root, "2").unwrap(), "run.sh"), "a\nb\n");
}

#[test]
fn a_folder_with_something_in_it_is_refused() {
    let repository = repository();
    let root = repository.path();
    let lesson = &Course::read(root).unwrap().lessons[0];
    let dir = tempfile::tempdir().unwrap();
    cutter::cut_into(root, lesson, dir.path()).unwrap();
    let error = cutter::cut_into(root, lesson, dir.path())
        .unwrap_err()
        .to_string();
    assert!(
        error.ends_with("must be absent or an empty folder"),
        "{error}"
    );
    let file = dir.path().join("run.sh");
    assert!(cutter::cut_into(root, lesson, &file).is_err());
}

#[test]
fn mistakes_name_file_and_line() {
    let mistakes = [
        (
            "crates/base/src/lib.rs",
            "a();\nb(); // lesson 7\n",
            "crates/base/src/lib.rs:2: there is no lesson 7",
        ),
        (
            "crates/more/src/lib.rs",
            "a(); // lesson 1\n",
            "crates/more/src/lib.rs:1: the file enters",
        ),
        // Also where the lesson that is cut does not have the file.
        (
            "crates/base/src/name.rs",
            "// lesson 2\n",
            "crates/base/src/name.rs:1: the file enters",
        ),
        (
            "lessons/1_more/x.toml",
            "\na = 1 # lesson 2\n",
            "lessons/1_more/x.toml:2: a lesson's own",
        ),
        (
            "lessons/3_none/x",
            "",
            "lessons/3_none/x: lessons/lessons.toml has no lesson",
        ),
        (
            "stranger.txt",
            "",
            "stranger.txt: no rule of lessons/lessons.toml covers this file",
        ),
        (
            "lessons/1_more/README.md",
            "\n[x](code:x)",
            "lessons/1_more/README.md:2: x is not in this",
        ),
        (
            "lessons/1_more/README.md",
            "\n[x](x.md)",
            "README.md:2: the link `x.md` leads to nothing",
        ),
    ];
    for (path, text, message) in mistakes {
        let repository = repository();
        write(repository.path(), path, text);
        let error = failure(repository.path());
        assert!(error.contains(message), "{error}");
    }
}

#[test]
fn a_package_that_main_does_not_lock_is_refused() {
    let repository = repository();
    let lock = "version = 4\n\n[[package]]\nname = \"base\"\nversion = \"0.1.0\"\n";
    write(repository.path(), "Cargo.lock", lock);
    assert!(failure(repository.path()).contains("main does not lock more 0.1.0"));
}

proptest! {
    // Each case writes files, so there are fewer than usual.
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn any_tree_comes_out_as_its_marks_say(
        files in prop::collection::btree_map(
            "[a-z]{1,3}(/[a-z]{1,3}){0,2}\\.(rs|yml|txt|bin)",
            (prop::collection::vec(any::<u8>(), 0..24), any::<bool>(), 1usize..3),
            1..6,
        ),
    ) {
        let source = tempfile::tempdir().unwrap();
        let root = source.path();
        let course = |more: &str| format!(
            "main = [\"lessons\"]\n\
             [[lesson]]\nbranch = \"0_a\"\ntitle = \"\"\nadds = \"\"\nproblem = \"\"\nfiles = [{more}]\n\
             [[lesson]]\nbranch = \"1_b\"\ntitle = \"\"\nadds = \"\"\nproblem = \"\"\nfiles = []\n",
        );
        let rules: Vec<_> = files.keys().map(|path| format!("\"all/{path}\"")).collect();
        let mut main = Tree::new();
        let written = course(&rules.join(", "));
        main.insert("lessons/lessons.toml".into(), File { mode: Mode::Plain, bytes: written.into() });
        for (path, (bytes, executable, _)) in &files {
            let mode = if *executable { Mode::Executable } else { Mode::Plain };
            let mut bytes = bytes.clone();
            if path.ends_with(".rs") {
                bytes = b"use first;\r\nuse marked; // lesson 1\r\nuse last;".to_vec();
            } else if path.ends_with(".yml") {
                bytes = b"first\r\nmarked # lesson 1\r\nlast".to_vec();
            }
            main.insert(format!("all/{path}"), File { mode, bytes });
        }
        crate::tree::write(&main, root).unwrap();
        super::repository::git(root, &["init", "--quiet", "."]);
        for lesson in [0, 1] {
            let tree = cut(root, &lesson.to_string()).unwrap();
            prop_assert_eq!(tree.len(), files.len());
            for (path, (bytes, executable, _)) in &files {
                let file = &tree[&format!("all/{path}")];
                prop_assert_eq!(file.mode == Mode::Executable, *executable);
                if path.ends_with(".rs") || path.ends_with(".yml") {
                    let middle = if lesson == 1 { "marked\n" } else { "" };
                    let mut expected = format!("first\n{middle}last");
                    if path.ends_with(".rs") {
                        expected = format!("use {};", expected.replace('\n', ";\nuse "));
                    }
                    prop_assert_eq!(file.text(), Some(expected.as_str()));
                } else if file.text().is_none() {
                    prop_assert_eq!(&file.bytes, bytes);
                }
            }
        }
    }
}
