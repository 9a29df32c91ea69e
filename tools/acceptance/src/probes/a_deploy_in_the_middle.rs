//! Somebody who plays while a new version is deployed.

use std::time::Duration;

use anyhow::ensure;
use nix::sys::signal::Signal;
use stack::Stack;
use tokio::time::Instant;

use crate::goat::{Goat, lobby};

/// For so long the match is watched after its server was told to stop.
const WATCHED: Duration = Duration::from_secs(15);

/// Lesson 10's problem: does a match go on whose game server is replaced by another?
///
/// # Errors
/// When it ends instead.
pub async fn a_deploy_in_the_middle() -> anyhow::Result<()> {
    // Few goats and slow ticks, so that nobody is out meanwhile.
    let builder = Stack::builder().environment("SEATS", "2");
    let builder = builder.environment("TICK_RATE", "10");
    let mut stack = builder.environment("GATHER", "0").start().await?;
    let ada = lobby(&stack, "Ada").await?;
    let seat = ada.play(None).await?;
    let mut goat = Goat::enter(&stack, &seat).await?;
    goat.snapshot().await?;

    // As a rolling deploy does: another one starts, and the old one is told to stop.
    stack.start_as("gameserver", "gameserver-2", &[]).await?;
    stack.settle().await?;
    stack.called("gameserver-1")?.signal(Signal::SIGTERM)?;
    let until = Instant::now() + WATCHED;
    while Instant::now() < until {
        if goat.snapshot().await.is_err() {
            // The page looks for the way on, and asks where its seat is now.
            goat = Goat::persist(&stack, &ada).await?;
            let is_the_same = goat.client().match_id() == seat.match_id;
            ensure!(is_the_same, "the deploy ended the match");
        }
    }
    Ok(())
}
