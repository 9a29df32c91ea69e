//! Where the servers' programs are on this machine.

use std::path::{Path, PathBuf};

use anyhow::{anyhow, bail};

use super::kind::ServerKind;
use crate::{service_build::binary, topology::workspace_root};

/// Where programs are kept that were fetched for this checkout only.
#[must_use]
pub fn tools_folder() -> PathBuf {
    workspace_root().join("target/tools/bin")
}

/// Finds a server's program on PATH, or among those that were fetched for this checkout.
///
/// # Errors
/// When it is in neither place, with what to do about it.
pub fn find_program(kind: &ServerKind) -> anyhow::Result<PathBuf> {
    find_named(kind.program)
        .ok_or_else(|| anyhow!("{kind} was not found on PATH; install it: {}", kind.cure))
}

/// Finds any program on PATH, or among those that were fetched for this checkout.
#[must_use]
pub fn find_named(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .chain([tools_folder()])
        .map(|folder| folder.join(program))
        .find(|file| is_executable(file))
}

/// Whether the repository in `root` builds this program itself.
#[must_use]
pub fn is_built_in(root: &Path, kind: &ServerKind) -> bool {
    root.join("tools").join(kind.program).is_dir()
}

/// A server's program: built, if the repository in `root` builds it, and else found.
///
/// # Errors
/// When it cannot be built, or is nowhere.
pub(crate) async fn program(
    root: &Path,
    target: Option<&Path>,
    kind: &ServerKind,
) -> anyhow::Result<PathBuf> {
    if is_built_in(root, kind) {
        return binary(root, target, kind.program, false).await;
    }
    find_program(kind)
}

/// Makes sure that every program that a system needs is there, before anything is built or started.
///
/// # Errors
/// When programs are missing: all of them, and what to do.
pub(crate) fn ensure_found(root: &Path, needed: &[&ServerKind]) -> anyhow::Result<()> {
    let needed = needed.iter().filter(|kind| !is_built_in(root, kind));
    let missing = needed.filter(|kind| find_program(kind).is_err());
    let cures: Vec<String> = missing
        .map(|kind| format!("{kind} ({})", kind.cure))
        .collect();
    if cures.is_empty() {
        return Ok(());
    }
    bail!(
        "not found on PATH: {}. A checkout of branch main can fetch them: cargo xtask tools",
        cures.join(", and ")
    )
}

fn is_executable(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    file.metadata()
        .is_ok_and(|data| data.is_file() && data.permissions().mode() & 0o111 != 0)
}
