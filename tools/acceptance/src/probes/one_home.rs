//! Several players who ask for one game.

use std::collections::BTreeSet;

use anyhow::ensure;
use stack::Stack;

use crate::{answer::header, player::Player};

/// Lesson 7's problem: do all who play one game reach the replica that has the game in its memory?
///
/// # Errors
/// When more than one replica answers for it.
pub async fn one_home() -> anyhow::Result<()> {
    let stack = Stack::builder().scale("webserver", 3).start().await?;
    let ada = Player::log_in(&stack.address(), "Ada").await?;
    let mut homes = BTreeSet::new();
    for _ in 0..12 {
        let answer = ada.get(&stack.address(), "/game/goats/").send().await?;
        homes.insert(header(&answer, "x-replica")?);
    }
    ensure!(
        homes.len() == 1,
        "{} replicas answer for one game, and one of them at most can have it in its memory",
        homes.len()
    );
    Ok(())
}
