//! The lesson branches: the same everywhere, and never over a learner's work.

use std::path::Path;

use super::repository::{commit, git, repository, write};
use crate::branches::run;

fn tips(root: &Path) -> Vec<String> {
    ["0_base", "1_more", "2_most"]
        .map(|branch| git(root, &["rev-parse", branch]))
        .to_vec()
}

fn refusal(root: &Path) -> String {
    format!("{:#}", run(root).unwrap_err())
}

/// Changes main so that every lesson changes with it.
fn change(root: &Path) {
    write(root, "run.sh", "#!/bin/sh\necho changed\n");
    commit(root);
}

#[test]
fn they_form_one_chain() {
    let repository = repository();
    let root = repository.path();
    run(root).unwrap();
    let log = git(root, &["log", "--format=%s|%an|%ae|%cI|%cn", "2_most"]);
    let who = "goatscale lessons|lessons@goatscale.invalid";
    let expected = format!(
        "Lesson 2: Most|{who}|2026-01-01T02:00:00+00:00|goatscale lessons\n\
         Lesson 1: More|{who}|2026-01-01T01:00:00+00:00|goatscale lessons\n\
         Lesson 0: Base|{who}|2026-01-01T00:00:00+00:00|goatscale lessons"
    );
    // Git before 2.48 writes Z for +00:00.
    assert_eq!(log.replace('Z', "+00:00"), expected);
    assert_eq!(
        git(root, &["rev-parse", "2_most~2"]),
        git(root, &["rev-parse", "0_base"])
    );
    let body = git(root, &["log", "-1", "--format=%b", "2_most"]);
    assert_eq!(body, "A name, ü.\n\nWhat is left to solve: None.");
    let modes = git(root, &["ls-tree", "0_base", "run.sh", "link", "data.bin"]);
    let modes: Vec<_> = modes.lines().filter_map(|line| line.get(..6)).collect();
    assert_eq!(modes, ["100644", "120000", "100755"]);
    assert_eq!(git(root, &["show", "0_base:run.sh"]), "#!/bin/sh");
    assert!(git(root, &["status", "--porcelain"]).is_empty());
}

#[test]
fn the_same_main_gives_the_same_commits() {
    let (one, other) = (repository(), repository());
    run(one.path()).unwrap();
    let first = tips(one.path());
    run(one.path()).unwrap();
    assert_eq!(tips(one.path()), first, "made again");

    let root = other.path();
    for (key, value) in [
        ("user.name", "Somebody Else"),
        ("core.autocrlf", "true"),
        ("core.fileMode", "false"),
        ("commit.gpgSign", "true"),
        ("i18n.commitEncoding", "ISO-8859-1"),
        ("core.commentChar", "L"),
        ("log.showSignature", "true"),
        ("core.quotePath", "true"),
        ("color.ui", "always"),
        ("log.date", "relative"),
    ] {
        git(root, &["config", key, value]);
    }
    run(root).unwrap();
    assert_eq!(tips(root), first, "made elsewhere");
}

#[test]
fn uncommitted_changes_stay_out() {
    let repository = repository();
    let root = repository.path();
    run(root).unwrap();
    let before = tips(root);
    write(root, "run.sh", "#!/bin/sh\necho uncommitted\n");
    run(root).unwrap();
    assert_eq!(tips(root), before);
}

#[test]
fn they_follow_main() {
    let repository = repository();
    let root = repository.path();
    run(root).unwrap();
    let before = tips(root);
    change(root);
    run(root).unwrap();
    assert!(tips(root).iter().zip(&before).all(|(new, old)| new != old));
    assert!(git(root, &["show", "1_more:run.sh"]).ends_with("echo changed"));
}

#[test]
fn a_learners_commits_are_never_lost() {
    let repository = repository();
    let root = repository.path();
    run(root).unwrap();
    git(root, &["switch", "--quiet", "1_more"]);
    write(root, "mine.txt", "mine");
    commit(root);
    git(root, &["switch", "--quiet", "main"]);
    change(root);
    let before = tips(root);
    let error = refusal(root);
    let expected = "1_more holds commits of yours; keep it under another name: \
                    `git branch -m 1_more my-1_more`";
    assert_eq!(error, expected);
    assert_eq!(tips(root), before, "no branch has changed");

    // The advice works.
    git(root, &["branch", "-m", "1_more", "my-1_more"]);
    run(root).unwrap();
    assert!(git(root, &["show", "my-1_more:mine.txt"]) == "mine");
}

#[test]
fn a_learners_commit_below_ours_is_seen_too() {
    let repository = repository();
    let root = repository.path();
    run(root).unwrap();
    let tree = git(root, &["rev-parse", "0_base^{tree}"]);
    let ours = [
        "GIT_COMMITTER_NAME=goatscale lessons",
        "GIT_COMMITTER_EMAIL=lessons@goatscale.invalid",
    ];
    let mut command = crate::process::git(root, ["commit-tree", "-p", "main", "-m", "x", &tree]);
    for (name, value) in ours.iter().filter_map(|pair| pair.split_once('=')) {
        command.env(name, value);
    }
    let forged = crate::process::text(&mut command, &[]).unwrap();
    git(root, &["branch", "--force", "0_base", &forged]);
    assert!(refusal(root).starts_with("0_base holds commits of yours"));
}

#[test]
fn a_branch_in_use_is_not_changed_under_it() {
    let repository = repository();
    let root = repository.path();
    run(root).unwrap();
    let elsewhere = tempfile::tempdir().unwrap();
    let folder = elsewhere.path().join("work tree");
    git(
        root,
        &[
            "worktree",
            "add",
            "--quiet",
            folder.to_str().unwrap(),
            "2_most",
        ],
    );
    run(root).unwrap();
    change(root);
    let before = tips(root);
    let error = refusal(root);
    assert!(error.starts_with("2_most is checked out in "), "{error}");
    assert!(error.contains("work tree and would change"), "{error}");
    assert_eq!(tips(root), before, "no branch has changed");
}

#[test]
fn a_name_that_is_taken_is_refused() {
    let repository = repository();
    let root = repository.path();
    git(root, &["branch", "1_more/mine"]);
    let error = refusal(root);
    assert!(
        error.starts_with("the branch 1_more/mine takes the place of 1_more"),
        "{error}"
    );
    git(root, &["branch", "-m", "1_more/mine", "my-1_more-mine"]);
    git(
        root,
        &["symbolic-ref", "refs/heads/1_more", "refs/heads/main"],
    );
    assert!(refusal(root).starts_with("1_more is only another name"));
    git(root, &["symbolic-ref", "--delete", "refs/heads/1_more"]);
    git(root, &["branch", "1_more"]);
    assert!(refusal(root).starts_with("1_more holds commits of yours"));
    let branches = git(root, &["branch", "--format=%(refname:short)"]);
    assert!(
        !branches.contains("0_base"),
        "no branch was made: {branches}"
    );
}
