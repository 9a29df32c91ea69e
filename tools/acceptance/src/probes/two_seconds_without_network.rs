//! Somebody whose phone leaves the house, and with it the Wi-Fi.

use std::time::Duration;

use anyhow::ensure;
use stack::Stack;
use tokio::time::sleep;

use crate::goat::{Goat, lobby};

/// How long it takes until there is a network again, and a new connection.
const WITHOUT: Duration = Duration::from_secs(2);

/// Lesson 9's problem: does somebody still have the seat who was without a network for two seconds?
///
/// # Errors
/// When another player has it by then.
pub async fn two_seconds_without_network() -> anyhow::Result<()> {
    let builder = Stack::builder().environment("SEATS", "2");
    let stack = builder.environment("GATHER", "0").start().await?;
    let ada = lobby(&stack, "Ada").await?;
    let seat = ada.play(None).await?;
    let mut goat = Goat::enter(&stack, &seat).await?;
    let _bob = Goat::play(&stack, "Bob").await?;
    goat.snapshot().await?;

    // A connection does not survive that its address changes.
    drop(goat);
    let (_cyd, ()) = tokio::join!(Goat::play(&stack, "Cyd"), sleep(WITHOUT));
    let back = ada.play(None).await?;
    let is_the_same = (&back.match_id, back.seat) == (&seat.match_id, seat.seat);
    ensure!(
        is_the_same,
        "the seat is lost, and Ada is led to another match"
    );
    Ok(())
}
