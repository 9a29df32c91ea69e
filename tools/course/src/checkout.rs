//! Makes of a cut what a learner has: a checkout of its branch.

use std::path::Path;

use crate::process;

/// Makes a repository of the cut in `dir`, with all of it committed, so that `git restore .` undoes what an exercise has changed.
///
/// # Errors
/// When git cannot do it.
pub fn make(dir: &Path) -> anyhow::Result<()> {
    process::read(&mut process::git(dir, ["init", "--quiet"]))?;
    process::read(&mut process::git(dir, ["add", "--all"]))?;
    // Whose name it has is seen by nobody, and whoever signs their commits is not asked to here.
    let commit = "-c user.name=course -c user.email=course@localhost -c commit.gpgsign=false commit --quiet --message cut";
    process::read(&mut process::git(dir, commit.split(' '))).map(drop)
}
