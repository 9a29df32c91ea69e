//! `cargo xtask tools`: what the native engine and the tests need and cargo does not build.
//!
//! Servers are fetched into `target/tools`. What belongs to the system is installed only where that needs no question:
//! on Debian and Ubuntu, as root. Elsewhere the message says what to do. No host is named here: packages come through
//! the machine's own apt and pip, wherever these are set up to get them from.

mod apt;
mod servers;

use std::path::PathBuf;

use anyhow::{Context, bail};
use course::process;
use stack::{Topology, find_program, needed_by, workspace_root};

/// The first version of Node that the client's bundler runs on.
const NODE: (u32, u32) = (20, 19);

/// Fetches every tool that is missing, and makes sure that the services and the client can be built.
pub fn run() -> anyhow::Result<()> {
    let root = workspace_root();
    openssl_headers()?;
    if root.join("client").is_dir() {
        node()?;
    }
    for tool in needed_by(&Topology::load(&root)?) {
        if let Ok(path) = find_program(tool) {
            println!("tools: {tool} is there: {}", path.display());
            continue;
        }
        servers::fetch(tool)
            .with_context(|| format!("{tool} could not be fetched; install it: {}", tool.cure))?;
        println!(
            "tools: {tool} was fetched: {}",
            find_program(tool)?.display()
        );
    }
    match chromium() {
        Ok(path) => println!("tools: Chromium is there: {}", path.display()),
        // Only the tests in a browser need it, and it is large.
        Err(error) => println!("tools: {error}"),
    }
    Ok(())
}

/// The browser that the tests run in: what CHROMIUM names, or else the first Chromium or Chrome that is found.
///
/// # Errors
/// When there is none, with what to do.
pub fn chromium() -> anyhow::Result<PathBuf> {
    if let Some(named) = std::env::var_os("CHROMIUM").map(PathBuf::from) {
        if named.is_file() {
            return Ok(named);
        }
        bail!("CHROMIUM names {}, which is no file", named.display());
    }
    const NAMES: [&str; 4] = [
        "chromium",
        "chromium-browser",
        "google-chrome",
        "google-chrome-stable",
    ];
    let path = std::env::var_os("PATH").unwrap_or_default();
    let on_path = std::env::split_paths(&path)
        .flat_map(|folder| NAMES.map(|name| folder.join(name)))
        .find(|file| file.is_file());
    let on_a_mac = || {
        ["Chromium", "Google Chrome"]
            .map(|name| format!("/Applications/{name}.app/Contents/MacOS/{name}"))
            .into_iter()
            .map(PathBuf::from)
            .find(|file| file.is_file())
    };
    on_path.or_else(on_a_mac).context(
        "there is no Chromium for the tests in a browser; apt-get install chromium, or set CHROMIUM to the path of a \
         Chromium or Chrome",
    )
}

/// The client for Consul is built against OpenSSL. Its headers are the one thing that belongs to the system.
fn openssl_headers() -> anyhow::Result<()> {
    let packages = ["pkg-config", "libssl-dev"];
    // On macOS the build finds Homebrew's OpenSSL by itself.
    if cfg!(target_os = "macos") || process::succeeds("pkg-config", &["--exists", "openssl"]) {
        return Ok(());
    }
    if apt::may_install() {
        return apt::install(&packages);
    }
    if apt::is_there() {
        bail!(
            "OpenSSL's headers are missing; run: sudo apt-get install {}",
            packages.join(" ")
        );
    }
    bail!(
        "OpenSSL's headers are missing; install pkg-config and openssl-devel (or your system's name for it)"
    )
}

/// The client is built with Node and npm.
fn node() -> anyhow::Result<()> {
    let missing = match node_version() {
        Some(version) if version >= NODE && process::succeeds("npm", &["--version"]) => {
            return Ok(());
        }
        Some(version) if version < NODE => format!("Node {}.{} is too old", version.0, version.1),
        Some(_) => "there is Node, but no npm".to_owned(),
        None => "there is no Node".to_owned(),
    };
    if apt::may_install()
        && apt::install(&["nodejs", "npm"]).is_ok()
        && node_version() >= Some(NODE)
    {
        return Ok(());
    }
    bail!(
        "the client cannot be built, because {missing}; install Node {}.{} or later with npm: https://nodejs.org/en/download",
        NODE.0,
        NODE.1
    )
}

/// Major and minor, if there is Node.
fn node_version() -> Option<(u32, u32)> {
    let text = process::read(std::process::Command::new("node").arg("--version")).ok()?;
    version(&text)
}

/// Reads `v22.1.0`.
fn version(text: &str) -> Option<(u32, u32)> {
    let mut numbers = text.trim().strip_prefix('v')?.split('.');
    let mut next = || numbers.next()?.parse().ok();
    Some((next()?, next()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_as_numbers() {
        assert_eq!(version("v22.1.0\n"), Some((22, 1)));
        assert!(version("v9.10.0").unwrap() < NODE);
        assert!(version("v100.0.0").unwrap() > NODE);
        assert_eq!(version("22.1.0"), None);
    }
}
