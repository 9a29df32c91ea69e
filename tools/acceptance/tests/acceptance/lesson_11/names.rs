//! Names of replicas come again, by a command or by a restart. What is behind them is never the one of before.

use acceptance::{
    answer::refused_as,
    goat::{Goat, lobby},
    player::HOST,
};
use anyhow::ensure;
use nix::sys::signal::Signal;
use stack::{Stack, until};

use super::{SOON, status_of, two_servers, which};

/// G14: `--scale` stops a server by its number, and not the one that has nothing to do. Then the number is used again.
#[tokio::test]
async fn whichever_server_is_stopped_its_match_goes_on_also_under_a_name_that_was_used_before()
-> anyhow::Result<()> {
    let mut stack = two_servers(Stack::builder().environment("DRAIN", "0")).await?;
    let ada = lobby(&stack, "Ada").await?;
    let ticket = ada.play(None).await?;
    let (its, other) = which(&stack, &ticket.server).await?;
    let mut goat = Goat::enter(&stack, &ticket).await?;
    let mut tick = goat.snapshot().await?.state.tick;
    let mut servers = vec![ticket.server.clone()];
    for stopped in [its, other] {
        let mut server = stack.take_called(stopped)?;
        server.signal(Signal::SIGTERM)?;
        ensure!(goat.closed().await? == 4012);
        let status = server.wait(SOON * 2).await?;
        ensure!(status.success(), "{stopped} ended with {status}");
        goat = Goat::persist(&stack, &ada).await?;
        ensure!(goat.client().match_id() == ticket.match_id);
        let shown = goat.snapshot().await?.state.tick;
        ensure!(shown >= tick, "tick {shown} comes after {tick}");
        tick = shown;
        servers.push(goat.client().server().to_owned());
        stack.start_as("gameserver", stopped, &[]).await?;
        stack.settle().await?;
    }
    servers.dedup();
    ensure!(servers.len() == 3, "{servers:?}");
    ensure!(servers[0] != servers[2], "{servers:?}");
    ensure!(goat.client().epoch() == 3);
    Ok(())
}

/// G63: what has crashed is started again under its old name.
#[tokio::test]
async fn a_server_that_crashed_comes_back_as_another_one_and_is_counted_once() -> anyhow::Result<()>
{
    let builder = Stack::builder().environment("GATHER", "60");
    let mut stack = builder.start().await?;
    let ada = lobby(&stack, "Ada").await?;
    let mut ticket = ada.play(None).await?;
    stack.take_called("gameserver-1")?.kill().await?;
    stack.start_as("gameserver", "gameserver-1", &[]).await?;
    stack.settle().await?;
    let told = status_of(&stack, "gameserver-1").await?;
    let new = told["server"].as_str().unwrap_or_default().to_owned();
    ensure!(new != ticket.server, "{told}");

    let old = stack
        .get(HOST, &format!("/game/{}/", ticket.server))
        .await?;
    refused_as(old, 410, "server_gone").await?;
    ticket.path = ticket.path.replace(&ticket.server, &new);
    let refused = Goat::enter(&stack, &ticket).await;
    let refused = refused.map(|_| ()).unwrap_err().to_string();
    ensure!(refused.contains("another_server"), "{refused}");

    until("the fleet", SOON, async || {
        let fleet = ada.fleet().await.map_err(|error| error.to_string())?;
        let state = |of: &str| {
            let servers = fleet["servers"].as_array()?;
            let server = servers.iter().find(|server| server["server"] == of)?;
            server["state"].as_str().map(str::to_owned)
        };
        match (state(&ticket.server).as_deref(), state(&new).as_deref()) {
            (None | Some("lost"), Some("ready")) => Ok(()),
            _ => Err(fleet.to_string()),
        }
    })
    .await?;
    Ok(())
}
