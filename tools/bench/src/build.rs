//! The servers as release builds.

use std::{collections::BTreeMap, path::PathBuf};

use anyhow::Context;
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
        let build = escargot::CargoBuild::new()
            .manifest_path(stack::workspace_root().join("Cargo.toml"))
            .package(package)
            .bin(binary)
            .release();
        build.run().map(|run| run.path().to_owned())
    })
    .await?
    .with_context(|| format!("cannot build {binary}"))
}
