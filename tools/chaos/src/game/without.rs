//! Game servers from which something was taken out, to see that the check finds what comes of it. Nothing of this is in what is run otherwise:
//! a copy of the repository is changed by a patch, and built by itself.

use std::{
    fs,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, ensure};
use clap::ValueEnum;
use serde::Serialize;
use stack::workspace_root;

/// The patches, which are called as what they take out.
const PATCHES: &str = "tools/chaos/without";

/// Where the copy is, and what it is built into.
const COPY: &str = "target/chaos/without";
const BUILT: &str = "target/chaos/built";

/// The client, which is the same: the copy's is a link to it, so that npm has nothing to do.
const CLIENT: &str = "client";

/// What can be taken out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Without {
    /// Game servers put no state of a match into the directory, so whatever is lost is lost for good
    Checkpoints,
    /// A game server that stood still goes on as if nothing had happened, and the directory believes it
    Fencing,
}

impl Without {
    /// A copy of the repository without it, and where that is to be built.
    ///
    /// # Errors
    /// When this is no checkout of git, or the patch does not fit any more.
    pub fn copy(self) -> anyhow::Result<(PathBuf, PathBuf)> {
        let root = workspace_root();
        let copy = root.join(COPY);
        for path in files(&root)? {
            if !Path::new(&path).starts_with(CLIENT) {
                renew(&root.join(&path), &copy.join(&path))?;
            }
        }
        let client = copy.join(CLIENT);
        if !client.exists() {
            symlink(root.join(CLIENT), &client).context("cannot link the client")?;
        }
        apply(&copy, &self.patch(&root), &[])?;
        Ok((copy, root.join(BUILT)))
    }

    /// Its name on the command line, and in what is said.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Without::Checkpoints => "checkpoints",
            Without::Fencing => "fencing",
        }
    }

    fn patch(self, root: &Path) -> PathBuf {
        root.join(PATCHES).join(format!("{}.patch", self.name()))
    }
}

/// All files of the repository that are not ignored, those that are not committed yet, too.
fn files(root: &Path) -> anyhow::Result<Vec<String>> {
    let mut git = Command::new("git");
    git.current_dir(root).args([
        "ls-files",
        "-z",
        "--cached",
        "--others",
        "--exclude-standard",
    ]);
    let output = git.output().context("cannot start git")?;
    ensure!(output.status.success(), "this is no checkout of git");
    let paths = String::from_utf8(output.stdout).context("a path that is no text")?;
    let paths = paths.split('\0').filter(|path| !path.is_empty());
    Ok(paths.map(str::to_owned).collect())
}

/// Copies a file where it has changed. Cargo builds anew what has another date.
fn renew(from: &Path, to: &Path) -> anyhow::Result<()> {
    // One that was removed, and is still in git's index.
    let Ok(bytes) = fs::read(from) else {
        return Ok(());
    };
    if fs::read(to).is_ok_and(|there| there == bytes) {
        return Ok(());
    }
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder)
            .with_context(|| format!("cannot create {}", folder.display()))?;
    }
    fs::write(to, bytes).with_context(|| format!("cannot write {}", to.display()))
}

fn apply(folder: &Path, patch: &Path, options: &[&str]) -> anyhow::Result<()> {
    let mut git = Command::new("git");
    git.arg("apply")
        .args(options)
        .arg(patch)
        .current_dir(folder);
    if let Some(above) = folder.parent() {
        // Else git would find the repository around the copy, and look for the files there.
        git.env("GIT_CEILING_DIRECTORIES", above);
    }
    let output = git.output().context("cannot start git")?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(
        output.status.success(),
        "{} does not fit any more: {}",
        patch.display(),
        said.trim()
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_patch_fits() {
        let root = workspace_root();
        for without in Without::value_variants() {
            apply(&root, &without.patch(&root), &["--check"]).unwrap();
        }
    }
}
