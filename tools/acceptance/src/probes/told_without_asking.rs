//! A socket that waits for what somebody else says.

use anyhow::{Context, ensure};
use stack::Stack;

use crate::{player::Player, socket::Socket};

/// Lesson 5's problem: is a player told of a message without asking?
///
/// # Errors
/// When no replica tells by itself.
pub async fn told_without_asking() -> anyhow::Result<()> {
    let mut stack = Stack::builder().scale("webserver", 2).start().await?;
    let first = stack.replica(0)?.address().to_owned();
    let second = stack.replica(1)?.address().to_owned();
    let ada = Player::log_in(&first, "Ada").await?;
    let bob = Player::log_in(&second, "Bob").await?;
    let silent = "webserver-1 tells Ada nothing unless she asks";
    let mut socket = Socket::open(&ada, &first).await.context(silent)?;
    // Its first frame says that it is there. What was said before that, nobody promised to tell.
    socket.frame("welcome").await.context(silent)?;
    let said = bob.say(&second, "Is anybody there?").await?;
    let heard = socket.message().await.context(silent)?;
    ensure!(heard == said, "Bob said {said}, and Ada was told {heard}");
    Ok(())
}
