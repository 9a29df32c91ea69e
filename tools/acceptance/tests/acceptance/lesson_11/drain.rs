//! A game server that is told to stop gives its matches to others.

use std::time::Duration;

use acceptance::{
    answer::refused_as,
    goat::{Goat, lobby},
    player::HOST,
    redis,
};
use anyhow::{Context, ensure};
use nix::sys::signal::Signal;
use stack::{Stack, until};
use tokio::time::{Instant, sleep};

use super::{Foretold, SOON, come_back, logged, stand, status_of, two_servers, which};

/// Between the last tick on the old server and the first on the new one there is none, and none is played by both.
#[tokio::test]
async fn a_match_goes_on_elsewhere_and_no_tick_is_played_twice_or_left_out() -> anyhow::Result<()> {
    let builder = Stack::builder().environment("DRAIN", "2");
    let mut stack = two_servers(builder).await?;
    let ada = lobby(&stack, "Ada").await?;
    let ticket = ada.play(None).await?;
    let (its, other) = which(&stack, &ticket.server).await?;
    let foretold = Foretold::of(its, 8);
    let mut goat = Goat::enter(&stack, &ticket).await?;
    let mut eve = Goat::watch(&stack, "Eve").await?;
    let tick = stand(&mut goat, &foretold, 40).await?;
    let mut old = stack.take_called(its)?;
    old.signal(Signal::SIGTERM)?;
    let told = Instant::now();

    // She plays on meanwhile, and sees the last tick that there is.
    let last = stand(&mut goat, &foretold, u32::MAX).await?;
    let went = told.elapsed();
    ensure!(last >= tick + 35, "from {tick} on she saw {last}");
    ensure!(goat.closed().await? == 4012);
    ensure!(eve.closed().await? == 4012);
    let closed = Instant::now();
    let handed_over = logged(old.log(), "a match was handed over").await?;
    ensure!(handed_over["tick"] == last, "{handed_over}, and saw {last}");

    let (mut goat, started) = come_back(&stack, &ada, (&ticket.match_id, 0)).await?;
    let gap = closed.elapsed();
    let goes_on = logged(stack.called(other)?.log(), "a match goes on here").await?;
    ensure!(goes_on["tick"] == last, "{goes_on}, and saw {last}");
    ensure!(goes_on["was_handed_over"] == true, "{goes_on}");
    ensure!(started["names"][0] == "Ada", "{started}");
    stand(&mut goat, &foretold, last + 40).await?;
    println!("it went after {went:?}, and she was back after {gap:?}");
    let status = old.wait(SOON * 2).await?;
    ensure!(status.success(), "{status}");
    // Whoever comes to the old one by now is told where to ask.
    let gone = stack
        .get(HOST, &format!("/game/{}/", ticket.server))
        .await?;
    refused_as(gone, 410, "server_gone").await?;
    Ok(())
}

#[tokio::test]
async fn a_match_that_gathers_goes_along() -> anyhow::Result<()> {
    let builder = Stack::builder().environment("DRAIN", "0.5");
    let builder = builder.environment("SEATS", "3");
    let builder = builder.environment("GATHER", "60");
    let mut stack = builder.scale("gameserver", 2).start().await?;
    let (ada, bob) = (lobby(&stack, "Ada").await?, lobby(&stack, "Bob").await?);
    let ticket = ada.play(None).await?;
    let mut goat = Goat::enter(&stack, &ticket).await?;
    let seat = goat.seat()?;
    // He has a ticket, and has not come yet.
    let held = bob.play(None).await?;
    ensure!(held.match_id == ticket.match_id);
    goat.frame("gathering").await?;
    let (its, _) = which(&stack, &ticket.server).await?;
    let mut old = stack.take_called(its)?;
    old.signal(Signal::SIGTERM)?;
    ensure!(goat.closed().await? == 4012);
    let mut goat = Goat::persist(&stack, &ada).await?;
    ensure!(goat.client().match_id() == ticket.match_id && goat.seat()? == seat);
    let gathering = goat.frame("gathering").await?;
    ensure!(gathering["names"][seat] == "Ada", "{gathering}");
    let bob = Goat::persist(&stack, &bob).await?;
    ensure!(bob.way_back().is_ok());
    let cyd = lobby(&stack, "Cyd").await?;
    let cyd_ticket = cyd.play(None).await?;
    ensure!(cyd_ticket.match_id == ticket.match_id);
    let _cyd = Goat::enter(&stack, &cyd_ticket).await?;
    goat.frame("started").await?;
    old.wait(SOON * 2).await?;
    Ok(())
}

/// A server that drains still lets in whoever has a seat there.
#[tokio::test]
async fn who_has_a_seat_on_a_server_that_drains_comes_back_to_it() -> anyhow::Result<()> {
    let builder = Stack::builder().environment("DRAIN", "20");
    let stack = two_servers(builder.environment("SEATS", "2")).await?;
    let ada = lobby(&stack, "Ada").await?;
    let ticket = ada.play(None).await?;
    let mut goat = Goat::enter(&stack, &ticket).await?;
    goat.snapshot().await?;
    let (its, _) = which(&stack, &ticket.server).await?;
    stack.called(its)?.signal(Signal::SIGTERM)?;
    // That the server knows it does not mean yet that whoever gives out seats does.
    until("the fleet's draining", SOON, async || {
        let fleet = ada.fleet().await.map_err(|error| error.to_string())?;
        let servers = fleet["servers"].as_array().into_iter().flatten();
        let mut states = servers.map(|server| &server["state"]);
        let drains = states.any(|state| state == "draining");
        drains.then_some(()).ok_or_else(|| fleet.to_string())
    })
    .await?;
    // With her token, and with another ticket.
    let way_back = goat.way_back()?;
    drop(goat);
    let mut goat = Goat::resume(&stack, &ticket.path, &way_back).await?;
    goat.snapshot().await?;
    drop(goat);
    let again = ada.play(None).await?;
    ensure!(again.server == ticket.server && again.match_id == ticket.match_id);
    let mut goat = Goat::enter(&stack, &again).await?;
    goat.snapshot().await?;
    // And nobody else, though there is a seat.
    let bob = lobby(&stack, "Bob").await?.play(None).await?;
    ensure!(bob.server != ticket.server, "he was led to who drains");
    Ok(())
}

/// "No match is played" ends the wait, and nobody is waited for who is not there.
#[tokio::test]
async fn a_server_without_matches_ends_at_once() -> anyhow::Result<()> {
    let builder = Stack::builder().environment("DRAIN", "60");
    let mut stack = builder.scale("gameserver", 2).start().await?;
    let mut server = stack.take_called("gameserver-1")?;
    server.signal(Signal::SIGTERM)?;
    let status = server.wait(SOON * 2).await?;
    ensure!(status.success(), "{status}");
    Ok(())
}

/// Nobody has room: the match waits, and the next server that is there goes on with it.
#[tokio::test]
async fn a_match_waits_for_a_server_that_comes() -> anyhow::Result<()> {
    let builder = Stack::builder().environment("DRAIN", "0.5");
    let builder = builder.environment("GATHER", "0");
    let mut stack = builder.environment("SEED", "1").start().await?;
    let ada = lobby(&stack, "Ada").await?;
    let ticket = ada.play(None).await?;
    let foretold = Foretold::of("gameserver-1", 8);
    let mut goat = Goat::enter(&stack, &ticket).await?;
    stand(&mut goat, &foretold, 20).await?;
    let mut old = stack.take_called("gameserver-1")?;
    old.signal(Signal::SIGTERM)?;
    let last = stand(&mut goat, &foretold, u32::MAX).await?;
    ensure!(goat.closed().await? == 4012);
    old.wait(SOON * 2).await?;
    let seat = ada.state().await?.seat.context("her seat is lost")?;
    ensure!(seat.moving && seat.match_id == ticket.match_id, "{seat:?}");
    let refused = ada.play(None).await.err().context("she got a seat")?;
    ensure!(refused.code() == Some("match_moving"), "{refused}");
    stack.start_as("gameserver", "gameserver-2", &[]).await?;
    let (mut goat, _) = come_back(&stack, &ada, (&ticket.match_id, 0)).await?;
    let first = goat.snapshot().await?.state;
    ensure!(first.tick >= last);
    stand(&mut goat, &foretold, last + 40).await?;
    Ok(())
}

/// The directory is away just then: the last checkpoint stays good, and the match is taken over when the lease is over.
#[tokio::test]
async fn without_the_directory_nothing_is_taken_back_and_the_match_is_taken_over_later()
-> anyhow::Result<()> {
    let builder = Stack::builder().environment("DRAIN", "1");
    let mut stack = two_servers(builder).await?;
    let ada = lobby(&stack, "Ada").await?;
    let ticket = ada.play(None).await?;
    let (its, other) = which(&stack, &ticket.server).await?;
    let foretold = Foretold::of(its, 8);
    let mut goat = Goat::enter(&stack, &ticket).await?;
    stand(&mut goat, &foretold, 40).await?;
    let mut old = stack.take_called(its)?;
    let redis = stack.server("matches")?;
    redis.signal(Signal::SIGSTOP)?;
    old.signal(Signal::SIGTERM)?;
    let seen = stand(&mut goat, &foretold, u32::MAX).await?;
    ensure!(goat.closed().await? == 4012);
    sleep(Duration::from_secs(1)).await;
    redis.signal(Signal::SIGCONT)?;
    let (mut goat, _) = come_back(&stack, &ada, (&ticket.match_id, 0)).await?;
    stand(&mut goat, &foretold, seen + 20).await?;
    let told = status_of(&stack, other).await?;
    ensure!(told["counters"]["taken_over"] == 1, "{told}");
    old.wait(SOON * 2).await?;
    let results = redis::ask(&stack, "matches", "KEYS result:*").await?;
    ensure!(results.starts_with("*0"), "{results}");
    Ok(())
}
