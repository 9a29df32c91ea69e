//! A message to one replica, asked for at the others.

use std::time::Duration;

use anyhow::Context;
use stack::{Stack, until};

use crate::{chat::ids, player::Player};

/// How long the way from one replica to another may take. It takes milliseconds, on a machine that is not busy.
const WITHIN: Duration = Duration::from_secs(5);

/// Lesson 4's problem: does every replica know a message that one of them took?
///
/// # Errors
/// When one does not.
pub async fn message_known_everywhere() -> anyhow::Result<()> {
    let mut stack = Stack::builder().scale("webserver", 3).start().await?;
    let first = stack.replica(0)?.address().to_owned();
    let ada = Player::log_in(&first, "Ada").await?;
    let said = ada.say(&first, "Is anybody there?").await?;
    let id = said["id"].as_str().context("the message has no id")?;
    for replica in stack.replicas() {
        let known = until("its telling", WITHIN, async || {
            let messages = ada.hear(replica.address(), None).await;
            let messages = messages.map_err(|error| format!("{error:#}"))?;
            if ids(&messages).iter().any(|known| known == id) {
                Ok(())
            } else {
                Err(format!("it told {} messages", messages.len()))
            }
        });
        let unknown = || {
            format!(
                "{} does not know what Ada said to webserver-1",
                replica.id()
            )
        };
        known.await.with_context(unknown)?;
    }
    Ok(())
}
