//! Which files there are to lint, on main and in the cuts.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use course::process::{self, git};

/// What a linter reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A workflow of GitHub's, or what keeps its actions new.
    Workflow,
    /// A script for sh or bash.
    ShellScript,
    /// What an image is built from.
    Dockerfile,
    /// `docker-compose.yml`, and the files in `docker` that it includes.
    ComposeFile,
}

/// Main or a cut.
pub struct Tree {
    /// "main" or the lesson's branch, for messages.
    pub name: String,
    /// Where it stands.
    pub folder: PathBuf,
    files: Vec<String>,
}

impl Tree {
    /// The working tree at `root`, without the lessons' own files: these are read in the cuts.
    pub fn main(root: &Path, names: &BTreeSet<String>) -> Self {
        Self::new("main", root.to_owned(), names)
    }

    /// A lesson that was cut into `folder`.
    pub fn cut(name: &str, folder: PathBuf, names: &BTreeSet<String>) -> Self {
        Self::new(name, folder, names)
    }

    fn new(name: &str, folder: PathBuf, names: &BTreeSet<String>) -> Self {
        let files = names.iter().filter(|name| folder.join(name).is_file());
        Self {
            name: name.to_owned(),
            files: files.cloned().collect(),
            folder,
        }
    }

    /// Where its files of one kind are.
    pub fn of_kind(&self, kind: Kind) -> Vec<PathBuf> {
        let files = self.files.iter().map(|name| (name, self.folder.join(name)));
        let wanted = files.filter(|(name, file)| kind_of(name, || first_line(file)) == Some(kind));
        wanted.map(|(_, file)| file).collect()
    }
}

/// The paths that a file of main or of a cut may have: those that git knows or would take, and those in a lesson's own folder
/// as they are in its cut.
///
/// # Errors
/// When git does not answer.
pub fn names(root: &Path) -> anyhow::Result<BTreeSet<String>> {
    let arguments = ["ls-files", "--cached", "--others", "--exclude-standard"];
    let listed = process::read(&mut git(root, arguments))?;
    let in_a_tree = |path: &str| match path.strip_prefix("lessons/") {
        Some(own) => own.split_once('/').map(|(_, path)| path.to_owned()),
        None => Some(path.to_owned()),
    };
    Ok(listed.lines().filter_map(in_a_tree).collect())
}

fn kind_of(path: &str, first_line: impl FnOnce() -> String) -> Option<Kind> {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let is_yaml = name.ends_with(".yml") || name.ends_with(".yaml");
    match (folder, name) {
        (".github" | ".github/workflows", _) if is_yaml => Some(Kind::Workflow),
        ("docker", _) | ("", "docker-compose.yml") if is_yaml => Some(Kind::ComposeFile),
        (_, "Dockerfile") => Some(Kind::Dockerfile),
        _ if name.ends_with(".sh") => Some(Kind::ShellScript),
        // A script whose name says nothing says in its first line what runs it.
        _ if !name.contains('.') && is_shell(&first_line()) => Some(Kind::ShellScript),
        _ => None,
    }
}

fn is_shell(first_line: &str) -> bool {
    first_line.starts_with("#!") && first_line.trim_end().ends_with("sh")
}

/// Nothing for a file that is no text.
fn first_line(file: &Path) -> String {
    let text = fs::read_to_string(file).unwrap_or_default();
    text.lines().next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_known_by_its_place_its_name_or_its_first_line() {
        for (path, first_line, kind) in [
            (".github/workflows/ci.yml", "", Some(Kind::Workflow)),
            (".github/dependabot.yml", "", Some(Kind::Workflow)),
            ("docker-compose.yml", "", Some(Kind::ComposeFile)),
            ("docker/common.yml", "", Some(Kind::ComposeFile)),
            ("docker/Dockerfile", "", Some(Kind::Dockerfile)),
            ("redis/start.sh", "", Some(Kind::ShellScript)),
            (".ci/run", "#!/usr/bin/env bash", Some(Kind::ShellScript)),
            ("LICENSE", "MIT License", None),
            ("tools/run", "#!/usr/bin/env python3", None),
            ("traefik/traefik.yml", "", None),
        ] {
            assert_eq!(kind_of(path, || first_line.to_owned()), kind, "{path}");
        }
    }
}
