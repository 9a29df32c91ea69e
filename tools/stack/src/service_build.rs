//! Builds the services of a workspace with Cargo.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use anyhow::Context;
use tokio::{
    sync::{Mutex, OnceCell},
    task::spawn_blocking,
};

type Built = BTreeMap<(PathBuf, String), PathBuf>;

/// The binary of a service of the workspace in `root`, built if it is not up to date.
///
/// Tests run in parallel and all need it. So it is built once in each process, and whoever comes while it is
/// being built waits.
pub async fn binary(root: &Path, target: Option<&Path>, service: &str) -> anyhow::Result<PathBuf> {
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
    let path = anew(root, target, service).await?;
    built.insert(key, path.clone());
    Ok(path)
}

/// The same, but built now, even if it was built before.
pub async fn anew(root: &Path, target: Option<&Path>, service: &str) -> anyhow::Result<PathBuf> {
    let mut build = escargot::CargoBuild::new()
        .manifest_path(root.join("Cargo.toml"))
        // As "cargo test" does, so that dependencies are not compiled again with other features.
        .args(["--workspace", "--bin", service]);
    if let Some(target) = target {
        build = build.target_dir(target);
    }
    spawn_blocking(move || build.run().map(|run| run.path().to_owned()))
        .await?
        .with_context(|| format!("cannot build {service}"))
}
