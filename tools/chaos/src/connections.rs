//! Cuts the connections of others to a Redis.

use anyhow::Context;
use stack::System;

/// Those that listen, and those that ask.
const KINDS: [&str; 2] = ["pubsub", "normal"];

/// Cuts every connection of others to the Redis called `name`. Gives how many there were.
///
/// # Errors
/// When Redis cannot be asked.
pub async fn cut(system: &System, name: &str) -> anyhow::Result<u64> {
    let mut cut = 0;
    match system {
        System::Native(stack) => {
            let url = stack.server(name)?.url("redis")?;
            let client = redis::Client::open(url).context("not the URL of a Redis")?;
            let mut connection = client
                .get_multiplexed_async_connection()
                .await
                .context("cannot connect to Redis")?;
            for kind in KINDS {
                // Its own connection stays: that is what Redis does if nothing else is said.
                let mut kill = redis::cmd("CLIENT");
                kill.arg("KILL").arg("TYPE").arg(kind);
                let killed: u64 = kill.query_async(&mut connection).await?;
                cut += killed;
            }
        }
        System::Compose(compose) => {
            for kind in KINDS {
                // No port leads to it from here. Its own client has the password in its environment.
                let client = ["exec", "-T", name, "redis-cli"];
                let kill = [&client[..], &["CLIENT", "KILL", "TYPE", kind]].concat();
                let killed = compose.run(&kill).await?;
                cut += killed.parse::<u64>().context(killed)?;
            }
        }
    }
    Ok(cut)
}
