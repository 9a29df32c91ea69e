//! What git makes of the files on a machine that writes line ends in another way.

use std::fs;
use std::path::Path;

use super::repository::{commit, git};
use crate::cutter::Cutter;
use crate::tree::{self, Tree};

/// Clones `tree` as Git for Windows is set up to do, and gives the texts that have another line end than LF there.
fn texts_with_cr(tree: &Tree) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    tree::write(tree, &root.join("origin")).unwrap();
    let origin = root.join("origin");
    git(&origin, &["init", "--quiet", "--initial-branch=main", "."]);
    git(&origin, &["config", "user.name", "A Learner"]);
    git(&origin, &["config", "user.email", "learner@example.com"]);
    commit(&origin);
    let clone = ["clone", "--quiet", "--config", "core.autocrlf=true"];
    git(root, &[&clone[..], &["origin", "clone"]].concat());
    let texts = tree.iter().filter(|(_, file)| file.text().is_some());
    let has_cr = |path: &&String| {
        let bytes = fs::read(root.join("clone").join(path)).unwrap();
        bytes.contains(&b'\r')
    };
    texts
        .map(|(path, _)| path)
        .filter(has_cr)
        .cloned()
        .collect()
}

#[test]
fn every_text_has_the_same_line_ends_on_every_machine() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let cutter = Cutter::of_worktree(&root).unwrap();
    assert_eq!(texts_with_cr(cutter.main()), [""; 0], "of main");
    // What holds for the first lesson holds for all, because a file that entered stays.
    let dir = tempfile::tempdir().unwrap();
    let cut = cutter.cut(&cutter.course.lessons[0], dir.path()).unwrap();
    assert_eq!(texts_with_cr(&cut), [""; 0], "of a lesson");
}
