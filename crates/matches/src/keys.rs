//! The keys by which game servers know what a web server has signed.

use redis::AsyncCommands;
use tokio::time::timeout;

use crate::{directory::Directory, directory_error::DirectoryError, redis_client::ANSWER_WITHIN};

/// How long a key is kept, in seconds. Whoever signs publishes it again long before.
const KEPT: u64 = 60;

impl Directory {
    /// Tells game servers the public key of this web server. To be repeated every ten seconds.
    ///
    /// # Errors
    /// When the directory does not answer.
    pub async fn publish_key(&self, kid: &str, public: &[u8; 32]) -> Result<(), DirectoryError> {
        let mut commands = self.commands.clone();
        let publish = commands.set_ex(name(kid), &public[..], KEPT);
        let published = timeout(ANSWER_WITHIN, publish).await;
        Ok(published.map_err(|_| DirectoryError::NoAnswer)??)
    }

    /// The public key of this name, if a web server has published it within the last minute.
    ///
    /// # Errors
    /// When the directory does not answer.
    pub async fn key(&self, kid: &str) -> Result<Option<[u8; 32]>, DirectoryError> {
        let mut commands = self.commands.clone();
        let read = timeout(ANSWER_WITHIN, commands.get(name(kid))).await;
        let read: Option<Vec<u8>> = read.map_err(|_| DirectoryError::NoAnswer)??;
        Ok(read.and_then(|key| key.try_into().ok()))
    }
}

/// Where a key stands.
fn name(kid: &str) -> String {
    format!("key:{kid}")
}
