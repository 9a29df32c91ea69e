//! A Redis at the limit of its memory.

use anyhow::{Context, bail};
use stack::System;

use crate::ask::ask;

/// How much room is left to it, which is then filled.
const ROOM: u64 = 1024 * 1024;

/// The bytes of one filler. A container's client takes its value as an argument, and those have a limit.
const FILLER: usize = 64 * 1024;

/// A Redis that is full, and what is to be put back.
pub struct Full {
    limit: String,
    fillers: usize,
}

/// Fills the Redis called `name`, until it refuses to take more. Its limit is lowered before, or a quarter of a gigabyte
/// would be written to the disk for it.
///
/// # Errors
/// When it cannot be asked, or refuses for another reason than that it is full.
pub async fn fill(system: &System, name: &str) -> anyhow::Result<Full> {
    let info = ask(system, name, &["INFO", "memory"]).await?;
    let field = |field: &str| {
        let value = info.lines().find_map(|line| line.strip_prefix(field));
        value.map(str::trim).with_context(|| format!("no {field}"))
    };
    let limit = field("maxmemory:")?.to_owned();
    let used: u64 = field("used_memory:")?.parse()?;
    let lower = (used + ROOM).to_string();
    ask(system, name, &["CONFIG", "SET", "maxmemory", &lower]).await?;
    let filler = "x".repeat(FILLER);
    // What is filled is more than the room: players free memory meanwhile.
    for fillers in 0..1024 {
        match ask(system, name, &["SET", &key(fillers), &filler]).await {
            Ok(_) => {}
            Err(error) if format!("{error:#}").contains("OOM") => {
                // Whoever fills it holds some memory, too, which is free when he is gone. So the limit comes down to what
                // stands there.
                let lower = (used + ROOM - 2 * FILLER as u64).to_string();
                ask(system, name, &["CONFIG", "SET", "maxmemory", &lower]).await?;
                return Ok(Full { limit, fillers });
            }
            Err(error) => return Err(error),
        }
    }
    bail!("{name} took 64 MB with room for one")
}

/// Puts everything back. Gives how many bytes were filled.
///
/// # Errors
/// When it cannot be asked.
pub async fn empty(system: &System, name: &str, full: Full) -> anyhow::Result<usize> {
    let keys: Vec<String> = (0..full.fillers).map(key).collect();
    let mut delete = vec!["DEL"];
    delete.extend(keys.iter().map(String::as_str));
    if full.fillers > 0 {
        ask(system, name, &delete).await?;
    }
    ask(system, name, &["CONFIG", "SET", "maxmemory", &full.limit]).await?;
    Ok(full.fillers * FILLER)
}

fn key(number: usize) -> String {
    format!("chaos:filler:{number}")
}
