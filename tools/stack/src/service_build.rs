//! Builds the services of a workspace with Cargo.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use anyhow::{Context, ensure};
use tokio::{
    process::Command,
    sync::{Mutex, OnceCell},
    task::spawn_blocking,
};

type Built = BTreeMap<(PathBuf, String), PathBuf>;

/// The binary of a service of the workspace in `root`, built if it is not up to date.
///
/// Tests run in parallel and all need it. So it is built once in each process, and whoever comes while it is
/// being built waits. Somebody who watches sees how far Cargo is.
pub async fn binary(
    root: &Path,
    target: Option<&Path>,
    service: &str,
    watched: bool,
) -> anyhow::Result<PathBuf> {
    static BUILT: OnceCell<Mutex<Built>> = OnceCell::const_new();
    let mut built = BUILT
        .get_or_init(async || Mutex::default())
        .await
        .lock()
        .await;
    let key = (root.to_owned(), service.to_owned());
    if let Some(path) = built.get(&key) {
        return Ok(path.clone());
    }
    let path = anew(root, target, service, watched).await?;
    built.insert(key, path.clone());
    Ok(path)
}

/// The same, but built now, even if it was built before.
pub async fn anew(
    root: &Path,
    target: Option<&Path>,
    service: &str,
    watched: bool,
) -> anyhow::Result<PathBuf> {
    let mut build = escargot::CargoBuild::new()
        .manifest_path(root.join("Cargo.toml"))
        // As "cargo test" does, so that dependencies are not compiled again with other features.
        .args(["--workspace", "--bin", service]);
    if let Some(target) = target {
        build = build.target_dir(target);
    }
    if watched {
        show(root, target, service).await?;
    }
    spawn_blocking(move || build.run().map(|run| run.path().to_owned()))
        .await?
        .with_context(|| format!("cannot build {service}"))
}

/// The same build, with Cargo's own words on standard error: escargot keeps them to itself, and a first build takes minutes. What
/// it does after this takes no time.
async fn show(root: &Path, target: Option<&Path>, service: &str) -> anyhow::Result<()> {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo
        .args(["build", "--workspace", "--bin", service, "--manifest-path"])
        .arg(root.join("Cargo.toml"));
    if let Some(target) = target {
        cargo.arg("--target-dir").arg(target);
    }
    let status = cargo.kill_on_drop(true).status().await;
    let status = status.context("cannot start cargo")?;
    ensure!(
        status.success(),
        "cannot build {service}; Cargo says why above"
    );
    Ok(())
}
