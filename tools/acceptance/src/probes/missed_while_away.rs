//! A replica that is killed while its player listens.

use anyhow::{bail, ensure};
use stack::Stack;

use crate::{player::Player, socket::Socket};

/// Lesson 6's problem: is a player told what was said while their replica was gone?
///
/// # Errors
/// When the player is told only what is said from then on.
pub async fn missed_while_away() -> anyhow::Result<()> {
    let mut stack = Stack::builder().scale("webserver", 2).start().await?;
    let first = stack.replica(0)?.address().to_owned();
    let second = stack.replica(1)?.address().to_owned();
    let ada = Player::log_in(&first, "Ada").await?;
    let bob = Player::log_in(&second, "Bob").await?;
    let mut adas = Socket::open(&ada, &first).await?;
    let mut bobs = Socket::open(&bob, &second).await?;
    adas.frame("welcome").await?;
    let last = bobs.say("before").await?;
    ensure!(adas.message().await?["id"] == last.as_str());

    stack.take_replica(0)?.kill().await?;
    bobs.say("meanwhile").await?;
    // What is said may be gathered for a moment. Ada comes when all who are there have been told.
    bobs.messages_up_to("meanwhile").await?;
    // A browser connects again to wherever Traefik sends it, and says what it heard last.
    let mut adas = Socket::open_at(&ada, &second, &format!("/ws?after={last}")).await?;
    adas.frame("welcome").await?;
    // Whatever is told of the past is told before this, so there is no need to wait for nothing to come.
    bobs.say("afterwards").await?;
    let heard = adas.messages_up_to("afterwards").await?;
    match heard
        .iter()
        .position(|message| message["text"] == "meanwhile")
    {
        Some(0) => Ok(()),
        Some(_) => bail!("Ada was told too much: {heard:?}"),
        None => bail!("Ada was never told what Bob said while webserver-1 was gone"),
    }
}
