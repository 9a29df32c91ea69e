//! The keys by which tickets are checked.

use std::collections::BTreeMap;

use matches::{Directory, DirectoryError};
use parking_lot::Mutex;

/// Keys that are remembered: one for each start of a web server. With more of them all are asked for again.
const REMEMBERED: usize = 256;

/// The keys by which tickets are checked, and where others are found.
pub struct Keys {
    directory: Directory,
    /// By their names. None of them is ever another one.
    known: Mutex<BTreeMap<String, [u8; 32]>>,
}

impl Keys {
    /// None is known yet.
    #[must_use]
    pub fn new(directory: Directory) -> Keys {
        Keys {
            directory,
            known: Mutex::default(),
        }
    }

    /// The key of this name; none if no web server has published it.
    ///
    /// # Errors
    /// When the directory had to be asked, and does not answer.
    pub async fn get(&self, kid: &str) -> Result<Option<[u8; 32]>, DirectoryError> {
        if let Some(key) = self.known.lock().get(kid) {
            return Ok(Some(*key));
        }
        let Some(key) = self.directory.key(kid).await? else {
            return Ok(None);
        };
        let mut known = self.known.lock();
        if known.len() >= REMEMBERED {
            known.clear();
        }
        known.insert(kid.to_owned(), key);
        Ok(Some(key))
    }
}
