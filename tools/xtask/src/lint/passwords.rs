//! Whether `docker/production.yml` lets no password through that everybody knows.

use std::{collections::BTreeSet, fs, process::Command};

use anyhow::{Context, ensure};
use course::process;
use regex::Regex;

use super::files::{Kind, Tree};

/// What a password is where nobody has set one.
const KNOWN: &str = "course-only";

/// Looks for a password of one tree that has a default and that production does not demand.
///
/// # Errors
/// When there is one, with its name.
pub fn check(tree: &Tree) -> anyhow::Result<()> {
    let names = with_default(tree)?;
    for name in &names {
        let others = names.iter().filter(|other| *other != name);
        let refused = !config(tree, others)?.status.success();
        ensure!(refused, "docker/production.yml does not demand {name}");
    }
    if !names.is_empty() {
        let whole = config(tree, names.iter())?;
        let said = String::from_utf8_lossy(&whole.stderr);
        ensure!(whole.status.success(), "{}", said.trim());
        let known = String::from_utf8_lossy(&whole.stdout).contains(KNOWN);
        ensure!(!known, "production still has the password {KNOWN}");
    }
    Ok(())
}

/// The variables that the compose files read with that default.
fn with_default(tree: &Tree) -> anyhow::Result<BTreeSet<String>> {
    let variable = Regex::new(&format!(r"\$\{{(\w+):?-{KNOWN}\}}"))?;
    let mut names = BTreeSet::new();
    for file in tree.of_kind(Kind::ComposeFile) {
        let text =
            fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
        names.extend(
            variable
                .captures_iter(&text)
                .map(|found| found[1].to_owned()),
        );
    }
    Ok(names)
}

/// What Compose says to production with these passwords set, and no others.
fn config<'a>(
    tree: &Tree,
    set: impl Iterator<Item = &'a String>,
) -> anyhow::Result<std::process::Output> {
    let mut config = Command::new("docker");
    config
        .args(["compose", "--file", "docker-compose.yml"])
        .args(["--file", "docker/production.yml"])
        // Whoever develops may have set some in .env.
        .args(["--env-file", "/dev/null", "config"])
        .current_dir(&tree.folder);
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().ends_with("_PASSWORD") {
            config.env_remove(name);
        }
    }
    config.envs(set.map(|name| (name, "chosen")));
    process::finish(&mut config, &[])
}
