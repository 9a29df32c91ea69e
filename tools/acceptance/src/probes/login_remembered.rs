//! A login, and then another replica.

use anyhow::ensure;
use stack::Stack;

use crate::player::Player;

/// Lesson 3's problem: is a login remembered, whichever replica answers?
///
/// # Errors
/// When a replica does not know who logged in at another.
pub async fn login_remembered() -> anyhow::Result<()> {
    let mut stack = Stack::builder().scale("webserver", 3).start().await?;
    let ada = Player::log_in(stack.replica(0)?.address(), "Ada").await?;
    for replica in stack.replicas() {
        let name = ada.known_as(replica.address()).await?;
        ensure!(
            name.as_deref() == Some("Ada"),
            "{} does not know Ada",
            replica.id()
        );
    }
    Ok(())
}
