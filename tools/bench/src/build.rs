//! The servers as release builds.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, ensure};
use tokio::task::spawn_blocking;

use crate::{kind::Kind, options::Options};

/// Where the binary of each server is.
pub type Binaries = BTreeMap<Kind, PathBuf>;

/// Builds the servers that are to be measured.
pub async fn all(options: &Options) -> anyhow::Result<Binaries> {
    let mut binaries = Binaries::new();
    if let Some(before) = &options.before {
        binaries.insert(Kind::Before, before.clone());
    }
    for kind in &options.servers {
        let (package, binary) = match kind {
            Kind::Ours | Kind::Gathering => ("webserver", "webserver"),
            Kind::Textbook => ("bench", "textbook"),
            Kind::Raw => ("bench", "raw"),
            Kind::Before => continue,
        };
        binaries.insert(*kind, one(package, binary).await?);
    }
    Ok(binaries)
}

async fn one(package: &'static str, binary: &'static str) -> anyhow::Result<PathBuf> {
    spawn_blocking(move || {
        let manifest = stack::workspace_root().join("Cargo.toml");
        show_progress(&manifest, package, binary)?;
        let build = escargot::CargoBuild::new()
            .manifest_path(manifest)
            .package(package)
            .bin(binary)
            .release();
        anyhow::Ok(build.run()?.path().to_owned())
    })
    .await?
    .with_context(|| format!("cannot build {binary}"))
}

/// Builds with cargo's own words on the terminal. Escargot keeps them to itself, for minutes; so it only says afterwards where the
/// binary is.
fn show_progress(manifest: &Path, package: &str, binary: &str) -> anyhow::Result<()> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo)
        .args(["build", "--release", "--package", package, "--bin", binary])
        .arg("--manifest-path")
        .arg(manifest)
        .status()
        .context("cargo cannot be started")?;
    ensure!(status.success(), "cargo build failed ({status})");
    Ok(())
}
