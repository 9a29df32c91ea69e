//! A second replica beside the first.

use anyhow::ensure;
use stack::Stack;

/// Lesson 1's problem: can there be a second replica?
///
/// # Errors
/// When it cannot start, or never gets a request.
pub async fn second_replica() -> anyhow::Result<()> {
    let mut stack = Stack::builder().start().await?;
    let second = stack.add_replica("webserver").await?;
    let mut answered = std::collections::BTreeSet::new();
    for _ in 0..10 {
        answered.insert(stack.who_answers("webserver").await?);
    }
    ensure!(answered.contains(&second), "only {answered:?} answered");
    ensure!(answered.len() == 2, "only {answered:?} answered");
    Ok(())
}
