//! Nine who want to play.

use anyhow::Context;
use stack::Stack;

use crate::goat::Goat;

/// Lesson 8's problem: is there a place for one more when eight play?
///
/// # Errors
/// When somebody is refused, with what the game server says.
pub async fn the_ninth_goat() -> anyhow::Result<()> {
    let stack = Stack::builder().start().await?;
    let mut goats = Vec::new();
    for number in 1..=9 {
        let goat = Goat::play(&stack, &format!("Goat {number}")).await;
        goats.push(goat.with_context(|| format!("goat {number} was refused"))?);
    }
    Ok(())
}
