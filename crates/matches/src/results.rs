//! What has come of matches.

use crate::{directory::Directory, directory_error::DirectoryError, ids::MatchId, scripts::RESULT};

/// What is known of a match.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Known {
    /// It has ended so, which is JSON.
    Over(String),
    /// It is played, or will be, or moves.
    NotOver,
    /// Nobody has heard of it within the last hour.
    Unknown,
}

impl Directory {
    /// What has come of a match. Only the directory knows: its servers may be gone.
    ///
    /// # Errors
    /// When the directory does not answer.
    pub async fn result(&self, id: &MatchId) -> Result<Known, DirectoryError> {
        let known: Option<String> = self
            .run(&RESULT, |call| {
                call.arg(id);
            })
            .await?;
        Ok(match known {
            None => Known::Unknown,
            Some(result) if result.is_empty() => Known::NotOver,
            Some(result) => Known::Over(result),
        })
    }
}
