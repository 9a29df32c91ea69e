//! A game server is lost, and others go on with what it had.

use std::time::Duration;

use acceptance::{
    goat::{Goat, lobby},
    redis,
};
use anyhow::{Context, ensure};
use matches::LEASE;
use stack::{Stack, until};
use tokio::time::{Instant, sleep};

use super::{Foretold, SOON, come_back, logged, stand, status_of, two_servers, which};

/// So many ticks are played again at most.
const AGAIN: u32 = 20;

/// The process is killed while everybody plays.
#[tokio::test]
async fn a_match_whose_server_is_killed_goes_on_elsewhere_exactly_as_it_would_have()
-> anyhow::Result<()> {
    let mut stack = two_servers(Stack::builder()).await?;
    let ada = lobby(&stack, "Ada").await?;
    let ticket = ada.play(None).await?;
    let (its, other) = which(&stack, &ticket.server).await?;
    let foretold = Foretold::of(its, 8);
    let mut goat = Goat::enter(&stack, &ticket).await?;
    stand(&mut goat, &foretold, 70).await?;
    let mut killed = stack.take_called(its)?;
    let (seen, died) = tokio::join!(stand(&mut goat, &foretold, u32::MAX), async {
        sleep(Duration::from_millis(330)).await;
        killed.kill().await.map(|_| Instant::now())
    });
    let (seen, died) = (seen?, died?);

    let (mut goat, started) = come_back(&stack, &ada, (&ticket.match_id, 0)).await?;
    ensure!(started["names"][0] == "Ada", "{started}");
    ensure!(started["seats"][0] == "player", "{started}");
    let back = died.elapsed();
    let from = logged(stack.called(other)?.log(), "a match goes on here").await?;
    let from = from["tick"].as_u64().context("no tick")? as u32;
    println!("seen {seen}, goes on from {from}, back after {back:?}");
    ensure!(from <= seen, "it goes on from tick {from} after {seen}");
    ensure!(from + AGAIN >= seen, "from {from}, but {seen} was seen");
    ensure!(back < LEASE + SOON, "it took {back:?}");
    // The same seed makes the same bots: what was played again was the same, and so is what comes.
    let first = goat.snapshot().await?.state;
    foretold.check(&first)?;
    stand(&mut goat, &foretold, seen + 60).await?;

    let told = status_of(&stack, other).await?;
    ensure!(told["counters"]["taken_over"] == 1, "{told}");
    ensure!(told["matches"][0]["epoch"] == 2, "{told}");
    Ok(())
}

/// "Only one of two": many matches, and two servers that want them.
#[tokio::test]
async fn each_match_of_a_lost_server_goes_on_once() -> anyhow::Result<()> {
    const MATCHES: usize = 12;
    let builder = Stack::builder().environment("SEATS", "2");
    let builder = builder.environment("GATHER", "60");
    let mut stack = builder.start().await?;
    let mut players = Vec::new();
    for number in 0..2 * MATCHES {
        let lobby = lobby(&stack, &format!("Goat {number}")).await?;
        let ticket = lobby.play(None).await?;
        let goat = Goat::enter(&stack, &ticket).await?;
        players.push((lobby, ticket, goat));
    }
    for replica in ["gameserver-2", "gameserver-3"] {
        stack.start_as("gameserver", replica, &[]).await?;
    }
    stack.settle().await?;
    // Each has been told of once.
    until("the checkpoints", SOON, async || {
        let keys = redis::ask(&stack, "matches", "KEYS checkpoint:*").await;
        let keys = keys.map_err(|error| error.to_string())?;
        let count = keys.matches("checkpoint:").count();
        (count == MATCHES)
            .then_some(())
            .ok_or_else(|| format!("{count} are kept"))
    })
    .await?;
    stack.take_called("gameserver-1")?.kill().await?;
    for (lobby, ticket, _) in &players {
        let mut goat = Goat::persist(&stack, lobby).await?;
        ensure!(goat.client().match_id() == ticket.match_id);
        ensure!(goat.seat()? == usize::from(ticket.seat.context("no seat")?));
        goat.snapshot().await?;
    }
    let mut taken_over = 0;
    for replica in ["gameserver-2", "gameserver-3"] {
        let told = status_of(&stack, replica).await?;
        taken_over += told["counters"]["taken_over"].as_u64().unwrap_or_default();
    }
    ensure!(taken_over == MATCHES as u64, "{taken_over} were taken over");
    Ok(())
}
