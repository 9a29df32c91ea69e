//! A game server that stops, is killed, and comes back.

use std::time::Duration;

use acceptance::{
    goat::{Goat, status},
    player::HOST,
};
use anyhow::ensure;
use nix::sys::signal::Signal;
use stack::until;

use super::at_once;

#[tokio::test]
async fn a_server_that_is_told_to_stop_says_so_to_everybody() -> anyhow::Result<()> {
    let mut stack = at_once().await?;
    let mut ada = Goat::play(&stack, "Ada").await?;
    let mut watcher = Goat::watch(&stack, "Bob").await?;
    ada.snapshot().await?;
    let mut server = stack.take_called("gameserver-1")?;
    server.signal(Signal::SIGTERM)?;
    // Their match goes on as soon as there is another server.
    ensure!(ada.closed().await? == 4012);
    ensure!(watcher.closed().await? == 4012);
    let status = server.wait(Duration::from_secs(20)).await?;
    ensure!(status.success(), "{status}");
    // The web server has nothing to do with it, and all else goes on.
    let answer = stack.get(HOST, "/api/whoami").await?;
    ensure!(answer.status() == 200, "{}", answer.status());
    Ok(())
}

#[tokio::test]
async fn a_server_that_was_killed_is_routed_again_when_it_is_back() -> anyhow::Result<()> {
    let mut stack = at_once().await?;
    let mut ada = Goat::play(&stack, "Ada").await?;
    ada.snapshot().await?;
    stack.take_called("gameserver-1")?.kill().await?;
    ensure!(
        ada.closed().await.is_err(),
        "a killed server has said goodbye"
    );
    // What comes instead is an error, or the web server's word that it has no such thing.
    until(
        "its route being gone",
        Duration::from_secs(20),
        async || match status(&stack).await {
            Ok(status) if status["server"].is_string() => Err(status.to_string()),
            _ => Ok(()),
        },
    )
    .await?;
    stack.start_as("gameserver", "gameserver-1", &[]).await?;
    stack.settle().await?;
    // Until its lease is over, nobody knows that the old one will not come back.
    let mut ada = until("a seat", Duration::from_secs(10), async || {
        let goat = Goat::play(&stack, "Ada").await;
        goat.map_err(|error| format!("{error:#}"))
    })
    .await?;
    let started = ada.frame("started").await?;
    // It has the match that was played before, or begins one.
    ensure!(started["match"] == 1, "{started}");
    Ok(())
}
