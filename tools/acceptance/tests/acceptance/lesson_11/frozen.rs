//! Processes that stand still, and do not know what has happened meanwhile.

use std::time::Duration;

use acceptance::{
    goat::{Goat, lobby},
    redis,
};
use anyhow::{Context, ensure};
use bot::game::Event;
use matches::LEASE;
use nix::sys::signal::Signal;
use stack::{Stack, until};
use tokio::time::{Instant, sleep, timeout};

use super::{Foretold, SOON, come_back, stand, status_of, two_servers, which};

/// For so long the server stands still: by then another has its matches.
const FROZEN: Duration = Duration::from_secs(6);

/// Whoever stood still for a while goes on as if nothing had happened, and the match is played twice.
#[tokio::test]
async fn a_server_that_was_frozen_while_its_match_moved_says_nothing_more_of_it()
-> anyhow::Result<()> {
    let stack = two_servers(Stack::builder().environment("TICK_RATE", "60")).await?;
    let ada = lobby(&stack, "Ada").await?;
    let ticket = ada.play(None).await?;
    let (its, other) = which(&stack, &ticket.server).await?;
    let foretold = Foretold::of(its, 8);
    let mut old = Goat::enter(&stack, &ticket).await?;
    let mut watcher = Goat::watch(&stack, "Eve").await?;
    let tick = stand(&mut old, &foretold, 60).await?;
    stack.called(its)?.signal(Signal::SIGSTOP)?;
    let frozen = Instant::now();
    let (mut new, _) = come_back(&stack, &ada, (&ticket.match_id, 0)).await?;
    stand(&mut new, &foretold, tick + 60).await?;
    // What the old one said before it stood still, to whoever heard of it first.
    let mut last = tick;
    while let Ok(Ok(event)) = timeout(Duration::from_millis(500), watcher.client().event()).await {
        if let Event::Snapshot(snapshot) = event {
            last = last.max(snapshot.state.tick);
        }
    }
    sleep(FROZEN.saturating_sub(frozen.elapsed())).await;
    stack.called(its)?.signal(Signal::SIGCONT)?;

    let woken = Instant::now();
    let code = loop {
        match timeout(SOON, watcher.client().event()).await?? {
            Event::Closed(code) => break code,
            // Ada has seen it before, and for the watcher it was in a queue.
            Event::Snapshot(snapshot) if snapshot.state.tick <= last => {}
            Event::Snapshot(snapshot) => {
                let tick = snapshot.state.tick;
                anyhow::bail!("it shows tick {tick} after {last}");
            }
            Event::Told(frame) => anyhow::bail!("it tells {frame}"),
        }
    };
    ensure!(code == Some(4012), "it was closed with {code:?}");
    ensure!(old.closed().await? == 4012);
    println!("its sockets were closed after {:?}", woken.elapsed());
    let told = status_of(&stack, its).await?;
    ensure!(told["counters"]["fenced"] == 1, "{told}");
    ensure!(told["matches"].as_array().is_some_and(Vec::is_empty));

    // There is one result.
    stand(&mut new, &foretold, u32::MAX).await?;
    new.frame("result").await?;
    let result = format!("GET result:{}", ticket.match_id);
    let result = redis::ask(&stack, "matches", &result).await?;
    let end = foretold.0.len() - 1;
    ensure!(result.contains(&format!("\"tick\":{end}")), "{result}");
    let told = status_of(&stack, other).await?;
    ensure!(told["counters"]["fenced"] == 0, "{told}");
    Ok(())
}

/// The directory stands still for longer than a lease, and so do all matches. Nobody takes anything over from somebody who is there.
#[tokio::test]
async fn while_the_directory_is_away_matches_stand_still_and_then_go_on_where_they_were()
-> anyhow::Result<()> {
    let stack = two_servers(Stack::builder()).await?;
    let ada = lobby(&stack, "Ada").await?;
    let ticket = ada.play(None).await?;
    let (its, other) = which(&stack, &ticket.server).await?;
    let foretold = Foretold::of(its, 8);
    let mut goat = Goat::enter(&stack, &ticket).await?;
    let tick = stand(&mut goat, &foretold, 40).await?;
    let directory = stack.server("matches")?;
    directory.signal(Signal::SIGSTOP)?;
    let stopped = Instant::now();
    let playing = async {
        let last = stand(&mut goat, &foretold, tick + 160).await?;
        anyhow::Ok((last, stopped.elapsed()))
    };
    let directory = async {
        // For a lease they go on.
        let held = until("standing still", LEASE + SOON, async || {
            let told = status_of(&stack, its).await;
            let told = told.map_err(|error| error.to_string())?;
            let held = told["counters"]["held_ticks"].as_u64().unwrap_or_default();
            (held > 10).then_some(()).ok_or_else(|| told.to_string())
        });
        held.await?;
        ensure!(stopped.elapsed() + Duration::from_secs(1) > LEASE);
        // Whoever lost the socket meanwhile is asked to wait.
        let mut lost = Goat::open_at(&stack, &ticket.path).await?;
        lost.client()
            .say(&protocol::game::ClientFrame::Resume {
                match_id: ticket.match_id.clone(),
                seat: 0,
                token: protocol::game::ResumeToken::random(),
            })
            .await?;
        let error = lost.frame("error").await?;
        ensure!(error["code"] == "directory_away", "{error}");
        ensure!(error["retry_after"] == 1, "{error}");
        sleep(Duration::from_secs(5).saturating_sub(stopped.elapsed())).await;
        directory.signal(Signal::SIGCONT)?;
        anyhow::Ok(())
    };
    let (played, resumed) = tokio::join!(playing, directory);
    resumed?;
    let (last, took) = played?;
    // 160 ticks are eight seconds, and for two it stood still.
    ensure!(took > Duration::from_millis(9_000), "it took {took:?}");
    println!("{last} ticks, {took:?}");
    // By then somebody else could have taken it.
    sleep(LEASE).await;
    for replica in [its, other] {
        let told = status_of(&stack, replica).await?;
        ensure!(told["counters"]["taken_over"] == 0, "{told}");
        ensure!(told["counters"]["fenced"] == 0, "{told}");
    }
    let told = status_of(&stack, its).await?;
    ensure!(told["matches"][0]["epoch"] == 1, "{told}");
    let seat = ada.state().await?.seat.context("her seat is lost")?;
    ensure!(seat.match_id == ticket.match_id && seat.taken);
    Ok(())
}
