//! Reconnect: a bad network costs nobody the match.

mod grace;
mod inputs;
mod probe;
mod resume;
mod silent;

use acceptance::goat::Goat;
use anyhow::ensure;
use protocol::game::ClientFrame;
use stack::{Builder, Stack};

/// A system with matches of two that begin as soon as both seats are taken.
fn duels() -> Builder {
    let builder = Stack::builder().environment("SEATS", "2");
    builder.environment("GATHER", "60")
}

/// Somebody who wants to come back, and is refused with this word.
async fn refused(
    stack: &Stack,
    path: &str,
    way_back: &ClientFrame,
    code: &str,
) -> anyhow::Result<()> {
    let mut goat = Goat::open_at(stack, path).await?;
    goat.client().say(way_back).await?;
    let error = goat.frame("error").await?;
    ensure!(error["code"] == code, "{error} instead of {code}");
    ensure!(goat.closed().await? == 4008);
    Ok(())
}
