//! The directory, as web servers and game servers ask it.

use std::time::Duration;

use redis::{AsyncCommands, FromRedisValue, Script, ScriptInvocation, aio::ConnectionManager};
use secrecy::SecretString;
use tokio::time::timeout;

use crate::{
    directory_error::DirectoryError,
    redis_client::{self, ANSWER_WITHIN},
};

/// How long a seat waits for the player that it was given to.
pub const HOLD: Duration = Duration::from_secs(15);

/// How long a game server counts as alive after it was heard of last. It says something every half second.
pub const LEASE: Duration = Duration::from_secs(3);

/// How many players a group has at most: as many as a match has seats.
pub const MAX_GROUP: usize = 8;

/// The directory of game servers, matches, seats and parties. Clones share its connection.
///
/// Whatever fails with a [`DirectoryError`] may be asked again: what was done already is not done twice.
#[derive(Clone)]
pub struct Directory {
    pub(crate) commands: ConnectionManager,
}

impl Directory {
    /// The directory in the Redis at `url`, which is connected to when something is asked.
    ///
    /// # Errors
    /// When the address is none.
    pub fn connect(url: &str, password: Option<&SecretString>) -> anyhow::Result<Directory> {
        let commands = redis_client::commands(url, password)?;
        Ok(Directory { commands })
    }

    /// Whether it answers now.
    pub async fn answers(&self) -> bool {
        let mut commands = self.commands.clone();
        let answered = timeout(ANSWER_WITHIN, commands.ping::<()>()).await;
        matches!(answered, Ok(Ok(())))
    }

    /// Runs a script. It goes along by its hash, and whole where Redis does not know that: after a restart, or after somebody
    /// has thrown its scripts away.
    pub(crate) async fn run<T: FromRedisValue>(
        &self,
        script: &Script,
        arguments: impl FnOnce(&mut ScriptInvocation<'_>),
    ) -> Result<T, DirectoryError> {
        let mut call = script.prepare_invoke();
        arguments(&mut call);
        let mut commands = self.commands.clone();
        let answer = timeout(ANSWER_WITHIN, call.invoke_async(&mut commands)).await;
        let answer = answer.map_err(|_| DirectoryError::NoAnswer)?;
        Ok(answer?)
    }
}
