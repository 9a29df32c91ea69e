//! What `cargo` does to a cut: rustfmt, and a lock file that holds only what the lesson needs.

use std::collections::HashSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, bail};
use serde::Deserialize;

use crate::process;

/// Formats every crate of the workspace in `dir`.
///
/// # Errors
/// When rustfmt cannot read a file.
pub fn format(dir: &Path) -> anyhow::Result<()> {
    fmt(dir, false)
}

/// Makes sure that every crate of the workspace in `dir` is formatted.
///
/// # Errors
/// When one is not.
pub fn check_format(dir: &Path) -> anyhow::Result<()> {
    fmt(dir, true)
}

/// Writes main's lock file into `dir`, without the packages that nothing there depends on.
///
/// # Errors
/// When cargo would lock a package that main does not.
pub fn prune_lock(dir: &Path, main: &str) -> anyhow::Result<()> {
    let path = dir.join("Cargo.lock");
    // Most often everything is at hand. Where it is not, cargo may ask the registry.
    let mut reason = String::new();
    for network in [&["--offline"][..], &[]] {
        fs::write(&path, main).context("Cargo.lock cannot be written")?;
        let arguments = [&["update", "--workspace", "--quiet"], network].concat();
        reason = match process::output(&mut cargo(dir, arguments), &[]) {
            Err(error) => error.to_string(),
            Ok(_) => match strangers(main, &fs::read_to_string(&path)?)?.as_slice() {
                [] => return Ok(()),
                strangers => format!("main does not lock {}", strangers.join(", ")),
            },
        };
    }
    bail!("Cargo.lock cannot be pruned: {reason}");
}

/// `cargo` with `arguments`, to run in `dir`.
pub fn cargo<'a>(dir: &Path, arguments: impl IntoIterator<Item = &'a str>) -> Command {
    process::command("cargo", dir, arguments)
}

fn fmt(dir: &Path, check: bool) -> anyhow::Result<()> {
    // Without this, rustfmt would look for a configuration in the folders above and in the
    // person's home, and the same main would give other commits on another machine.
    let none = tempfile::Builder::new()
        .prefix("rustfmt")
        .suffix(".toml")
        .tempfile()?;
    let own = dir.join("rustfmt.toml").exists();
    // Relative to `dir`, where cargo runs.
    let config = if own {
        Path::new("rustfmt.toml")
    } else {
        none.path()
    };
    let mut command = cargo(dir, ["fmt", "--all"]);
    command
        .args(check.then_some("--check"))
        .args(["--", "--config-path"])
        .arg(config);
    process::output(&mut command, &[]).map(drop)
}

#[derive(Deserialize)]
struct Lock {
    #[serde(default)]
    package: Vec<Package>,
}

#[derive(Deserialize, PartialEq, Eq, Hash)]
struct Package {
    name: String,
    version: String,
    source: Option<String>,
    checksum: Option<String>,
}

/// The packages that `pruned` locks and `main` does not.
fn strangers(main: &str, pruned: &str) -> anyhow::Result<Vec<String>> {
    let read = |text| toml::from_str::<Lock>(text).context("Cargo.lock cannot be read");
    let known: HashSet<_> = read(main)?.package.into_iter().collect();
    let pruned = read(pruned)?.package.into_iter();
    let strangers = pruned.filter(|package| !known.contains(package));
    Ok(strangers
        .map(|package| format!("{} {}", package.name, package.version))
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_version_or_checksum_is_a_stranger() {
        let package = |version: &str, checksum: &str| {
            format!(
                "[[package]]\nname = \"a\"\nversion = \"{version}\"\nchecksum = \"{checksum}\"\n"
            )
        };
        let main = package("1.0.0", "aa") + &package("2.0.0", "bb");
        let none: [&str; 0] = [];
        assert_eq!(strangers(&main, &package("2.0.0", "bb")).unwrap(), none);
        assert_eq!(
            strangers(&main, &package("2.0.0", "cc")).unwrap(),
            ["a 2.0.0"]
        );
        assert_eq!(
            strangers(&main, &package("3.0.0", "aa")).unwrap(),
            ["a 3.0.0"]
        );
    }
}
