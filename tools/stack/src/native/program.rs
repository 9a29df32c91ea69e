//! Where the servers' programs are on this machine.

use std::path::{Path, PathBuf};

use anyhow::{anyhow, bail};

use super::kind::ServerKind;
use crate::topology::workspace_root;

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
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .chain([tools_folder()])
        .map(|folder| folder.join(kind.program))
        .find(|file| is_executable(file))
        .ok_or_else(|| anyhow!("{kind} was not found on PATH; install it: {}", kind.cure))
}

/// Makes sure that every program that a system needs is there, before anything is built or started.
///
/// # Errors
/// When programs are missing: all of them, and what to do.
pub(crate) fn ensure_found(needed: &[&ServerKind]) -> anyhow::Result<()> {
    let missing = needed.iter().filter(|kind| find_program(kind).is_err());
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
