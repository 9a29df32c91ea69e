//! What a proof is a proof of: the files, named as git names them.

use sha1::{Digest as _, Sha1};

use crate::course::{self, Lesson};
use crate::cutter::Cutter;
use crate::exercises;
use crate::proofs::{self, Digest};
use crate::tree::{File, Tree};

/// What main's own tests do not depend on.
const UNTESTED: [&str; 5] = [
    ".ci/",
    ".github/",
    "exercises/",
    "lessons/",
    "tools/offline/",
];

/// What proves. A lesson's digest does not cover it, or each word in it would prove the whole course anew.
const PROVER: [&str; 2] = ["tools/course/", "tools/xtask/"];

/// The digest of `lesson`.
///
/// # Errors
/// When the lesson cannot be cut.
pub fn of_lesson(cutter: &Cutter, lesson: &Lesson) -> anyhow::Result<Digest> {
    let dir = tempfile::tempdir()?;
    let cut = cutter.cut(lesson, dir.path())?;
    Ok(Digest {
        tree: tree_id(&cut),
        walkthrough: walkthrough_id(cutter, lesson),
    })
}

/// The id of the walkthrough as it is written on main, and of the answers beside it, if there are any.
fn walkthrough_id(cutter: &Cutter, lesson: &Lesson) -> Option<String> {
    let folder = format!("lessons/{}/", lesson.branch);
    let walkthrough = cutter.main().get(&format!("{folder}README.md"))?;
    let answers = format!("{folder}{}/", exercises::ANSWERS);
    let mut answers = part(cutter.main(), |path| path.starts_with(&answers));
    if answers.is_empty() {
        return Some(object_id("blob", &walkthrough.bytes));
    }
    answers.insert(format!("{folder}README.md"), walkthrough.clone());
    Some(tree_id(&answers))
}

/// The digest of main: of everything but texts that only people read, the lessons' folders, and what starts the tests from
/// outside. The prover is covered, because its own tests are among main's.
pub fn of_main(cutter: &Cutter) -> Digest {
    let tested = |path: &str| {
        let is_text = !path.contains('/') && path.ends_with(".md");
        path == course::FILE
            || !(path == proofs::FILE
                || is_text
                || UNTESTED.iter().any(|folder| path.starts_with(folder)))
    };
    Digest {
        tree: tree_id(&part(cutter.main(), tested)),
        walkthrough: None,
    }
}

/// The id of the tools that prove.
pub fn of_prover(cutter: &Cutter) -> String {
    let proves = |path: &str| PROVER.iter().any(|folder| path.starts_with(folder));
    tree_id(&part(cutter.main(), proves))
}

fn part(tree: &Tree, wanted: impl Fn(&str) -> bool) -> Tree {
    tree.iter()
        .filter(|(path, _)| wanted(path))
        .map(|(path, file)| (path.clone(), file.clone()))
        .collect()
}

/// The id that `git write-tree` would give. It is computed here because git would have to store each file for that.
pub fn tree_id(tree: &Tree) -> String {
    hex(&folder(
        &tree
            .iter()
            .map(|(path, file)| (path.as_str(), file))
            .collect::<Vec<_>>(),
    ))
}

/// The id of a folder, of whose files the paths in it are given, in order.
fn folder(files: &[(&str, &File)]) -> [u8; 20] {
    let mut entries = Vec::new();
    let mut rest = files;
    while let Some(((path, file), after)) = rest.split_first() {
        let Some((name, _)) = path.split_once('/') else {
            entries.push((path.to_string(), file.mode.git(), sha1("blob", &file.bytes)));
            rest = after;
            continue;
        };
        let inside = |path: &str| {
            path.strip_prefix(name)
                .is_some_and(|rest| rest.starts_with('/'))
        };
        let count = rest.iter().take_while(|(path, _)| inside(path)).count();
        let (here, after) = rest.split_at(count);
        let below: Vec<_> = here
            .iter()
            .map(|(path, file)| (&path[name.len() + 1..], *file))
            .collect();
        // Git sorts folders as if their names ended in a slash.
        entries.push((format!("{name}/"), "40000", folder(&below)));
        rest = after;
    }
    entries.sort();
    let mut content = Vec::new();
    for (name, mode, id) in entries {
        // A tree writes the mode of a folder without the leading zero.
        content.extend_from_slice(format!("{mode} {}\0", name.trim_end_matches('/')).as_bytes());
        content.extend_from_slice(&id);
    }
    sha1("tree", &content)
}

/// The id that git gives to an object of this kind.
pub fn object_id(kind: &str, content: &[u8]) -> String {
    hex(&sha1(kind, content))
}

fn sha1(kind: &str, content: &[u8]) -> [u8; 20] {
    let mut hash = Sha1::new();
    hash.update(format!("{kind} {}\0", content.len()));
    hash.update(content);
    hash.finalize().into()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::repository::{git, repository};
    use crate::tree;

    #[test]
    fn trees_have_the_ids_that_git_gives_them() {
        let dir = repository();
        let tree = tree::of_commit(dir.path(), "HEAD").unwrap();
        assert_eq!(tree_id(&tree), git(dir.path(), &["write-tree"]));
        let id = object_id("blob", &tree["run.sh"].bytes);
        assert_eq!(id, git(dir.path(), &["hash-object", "run.sh"]));
    }
}
