//! Cuts the connections of others to a Redis.

use anyhow::Context;
use stack::System;

use crate::ask::ask;

/// Those that listen, and those that ask.
const KINDS: [&str; 2] = ["pubsub", "normal"];

/// Cuts every connection of others to the Redis called `name`. Gives how many there were.
///
/// # Errors
/// When Redis cannot be asked.
pub async fn cut(system: &System, name: &str) -> anyhow::Result<u64> {
    let mut cut = 0;
    for kind in KINDS {
        // The connection that asks stays: that is what Redis does if nothing else is said.
        let killed = ask(system, name, &["CLIENT", "KILL", "TYPE", kind]).await?;
        cut += killed.parse::<u64>().context(killed)?;
    }
    Ok(cut)
}
