//! Whose turn it is to change what runs in containers.

use std::{
    fs::{self, File, TryLockError},
    path::Path,
    time::Duration,
};

use anyhow::Context;

use crate::wait::until;

/// How long another's turn may take. The longest is a rolling deploy.
const ENDED_WITHIN: Duration = Duration::from_secs(1_800);

/// The right to start and stop containers. A rolling deploy and who follows the matches run in two terminals, and what one of them
/// has listed would not be so any more if the other one went on.
///
/// It ends with this value, and with this process, however that ends.
#[derive(Debug)]
pub struct Turn {
    _lock: File,
}

impl Turn {
    /// Takes it for the repository in `root` as soon as nobody else has it.
    ///
    /// # Errors
    /// When that takes half an hour, or there can be no file for it.
    pub async fn wait(root: &Path) -> anyhow::Result<Turn> {
        let free = until(
            "the end of another's turn",
            ENDED_WITHIN,
            async || match Turn::take(root) {
                Ok(Some(turn)) => Ok(Ok(turn)),
                Ok(None) => Err("another process starts and stops containers".to_owned()),
                Err(error) => Ok(Err(error)),
            },
        );
        free.await?
    }

    /// Takes it, unless somebody else has it.
    ///
    /// # Errors
    /// When there can be no file for it.
    pub fn take(root: &Path) -> anyhow::Result<Option<Turn>> {
        let folder = root.join("target");
        let path = folder.join("compose.lock");
        let at = || format!("cannot write {}", path.display());
        fs::create_dir_all(&folder).with_context(at)?;
        let lock = File::create(&path).with_context(at)?;
        match lock.try_lock() {
            Ok(()) => Ok(Some(Turn { _lock: lock })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error).with_context(at),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn there_is_one_turn_at_a_time() {
        let root = tempfile::tempdir().unwrap();
        let turn = Turn::wait(root.path()).await.unwrap();
        assert!(Turn::take(root.path()).unwrap().is_none());
        drop(turn);
        // A program that another test starts has a copy of the file for a moment, and with it the lock.
        Turn::wait(root.path()).await.unwrap();
    }
}
