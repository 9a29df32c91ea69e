//! Asks a Redis of the system, whichever engine runs it.

use anyhow::Context;
use stack::System;

/// The answer of the Redis called `name` to a command, as text.
///
/// # Errors
/// When it does not answer, refuses, or answers with more than one thing.
pub async fn ask(system: &System, name: &str, words: &[&str]) -> anyhow::Result<String> {
    match system {
        System::Native(stack) => {
            let url = stack.server(name)?.url("redis")?;
            let client = redis::Client::open(url).context("not the URL of a Redis")?;
            let mut connection = client
                .get_multiplexed_async_connection()
                .await
                .context("cannot connect to Redis")?;
            let mut command = redis::Cmd::new();
            for word in words {
                command.arg(word);
            }
            Ok(command.query_async(&mut connection).await?)
        }
        System::Compose(compose) => {
            // No port leads to it from here. Its own client has the password in its environment, and fails with -e where
            // Redis refuses.
            let client = ["exec", "-T", name, "redis-cli", "-e"];
            compose.run(&[&client[..], words].concat()).await
        }
    }
}
