//! What brings a player back to the seat, and what does not.

use std::time::{Duration, Instant};

use acceptance::{
    goat::{Goat, counter, lobby},
    player::HOST,
};
use anyhow::{Context, ensure};
use protocol::game::{ClientFrame, RULES};
use serde_json::Value;
use tokio::time::timeout;

use super::{duels, refused};

/// How often a welcome is lost.
const TIMES: u64 = 50;

/// How soon somebody is back, on a machine that is busy.
const SOON: Duration = Duration::from_secs(1);

/// G37: what the client says gets through, and what it is answered does not.
#[tokio::test]
async fn who_comes_back_gets_the_seat_though_the_answer_was_lost_fifty_times() -> anyhow::Result<()>
{
    let stack = duels().start().await?;
    let ticket = lobby(&stack, "Ada").await?.play(None).await?;
    let mut ada = Goat::enter(&stack, &ticket).await?;
    let mut bob = Goat::play(&stack, "Bob").await?;
    ada.snapshot().await?;
    let way_back = ada.way_back()?;
    drop(ada);
    for _ in 0..TIMES {
        // Whoever loses the welcome has only what the welcome before has offered.
        drop(Goat::resume(&stack, &ticket.path, &way_back).await?);
    }
    let asked = Instant::now();
    let mut back = Goat::resume(&stack, &ticket.path, &way_back).await?;
    back.snapshot().await?;
    let took = asked.elapsed();
    ensure!(took < SOON, "it took {took:?}");
    ensure!(back.seat()? == 0);
    ensure!(counter(&stack, "resumed").await? == TIMES + 1);
    ensure!(counter(&stack, "resumes_refused").await? == 0);
    bob.snapshot().await?;
    Ok(())
}

#[tokio::test]
async fn nobody_gets_a_seat_with_an_old_token_or_with_one_of_another_seat() -> anyhow::Result<()> {
    let stack = duels().start().await?;
    let ada = lobby(&stack, "Ada").await?;
    let ticket = ada.play(None).await?;
    let path = &ticket.path;
    let first = Goat::enter(&stack, &ticket).await?;
    let bob = Goat::play(&stack, "Bob").await?;
    let second = Goat::resume(&stack, path, &first.way_back()?).await?;
    let mut third = Goat::resume(&stack, path, &second.way_back()?).await?;
    // That of the first welcome came before the last one that was used.
    refused(&stack, path, &first.way_back()?, "resume_refused").await?;
    let of_bob = bob.way_back()?;
    let ClientFrame::Resume {
        match_id, token, ..
    } = of_bob.clone()
    else {
        anyhow::bail!("{of_bob:?}");
    };
    let with = |match_id: &str, seat| ClientFrame::Resume {
        match_id: match_id.to_owned(),
        seat,
        token,
    };
    refused(&stack, path, &with(&match_id, 0), "resume_refused").await?;
    refused(&stack, path, &with(&match_id, 8), "seat_lost").await?;
    for id in ["0123456789", "", "no id"] {
        refused(&stack, path, &with(id, 1), "match_over").await?;
    }
    ensure!(counter(&stack, "resumes_refused").await? == 6);
    // Who has the seat has noticed nothing, and whoever has given it up has none.
    third.snapshot().await?;
    let way_back = third.way_back()?;
    ada.leave().await?;
    ensure!(third.closed().await? == 4011);
    refused(&stack, path, &way_back, "seat_lost").await?;
    Ok(())
}

/// Somebody presses F5, or opens the page in another tab.
#[tokio::test]
async fn a_new_ticket_leads_to_the_same_seat_and_makes_the_tokens_void() -> anyhow::Result<()> {
    let stack = duels().start().await?;
    let ada = lobby(&stack, "Ada").await?;
    let ticket = ada.play(None).await?;
    let mut old = Goat::enter(&stack, &ticket).await?;
    let mut bob = Goat::play(&stack, "Bob").await?;
    old.snapshot().await?;
    let again = ada.play(None).await?;
    ensure!(again.match_id == ticket.match_id && again.seat == ticket.seat);
    let mut new = Goat::enter(&stack, &again).await?;
    ensure!(old.closed().await? == 4009);
    refused(&stack, &ticket.path, &old.way_back()?, "resume_refused").await?;
    // The older one was away for not a moment.
    let seats = bob.frame("seats").await?;
    ensure!(seats["seats"][0] == "player", "{seats}");
    // With nobody on the seat it is the same.
    let way_back = new.way_back()?;
    drop(new);
    let seats = bob.frame("seats").await?;
    ensure!(seats["seats"][0] == "away", "{seats}");
    let again = ada.play(None).await?;
    ensure!(again.match_id == ticket.match_id && again.seat == ticket.seat);
    new = Goat::enter(&stack, &again).await?;
    new.snapshot().await?;
    refused(&stack, &ticket.path, &way_back, "resume_refused").await?;
    Ok(())
}

/// G08: two tabs that have the same way back. Each takes the seat once, and the older one is told so.
#[tokio::test]
async fn the_newest_socket_wins_and_the_older_one_is_told() -> anyhow::Result<()> {
    let stack = duels().start().await?;
    let ticket = lobby(&stack, "Ada").await?.play(None).await?;
    let mut first = Goat::enter(&stack, &ticket).await?;
    let mut bob = Goat::play(&stack, "Bob").await?;
    first.snapshot().await?;
    let mut second = Goat::resume(&stack, &ticket.path, &first.way_back()?).await?;
    ensure!(first.closed().await? == 4009);
    let welcome_again = second.frame("started").await?;
    ensure!(welcome_again["seats"][0] == "player", "{welcome_again}");
    second.snapshot().await?;
    // Nobody else has noticed anything.
    bob.snapshot().await?;
    let seats = timeout(Duration::from_secs(1), bob.frame("seats")).await;
    ensure!(seats.is_err(), "{seats:?}");
    Ok(())
}

/// G27: a page that was loaded before the rules changed.
#[tokio::test]
async fn a_page_is_told_by_which_rules_matches_are_played_before_it_has_a_seat()
-> anyhow::Result<()> {
    let stack = duels().start().await?;
    let lobby: Value = stack.get(HOST, "/api/lobby").await?.json().await?;
    ensure!(lobby["rules"] == RULES, "{lobby}");
    Ok(())
}

#[tokio::test]
async fn who_comes_back_does_not_need_the_directory() -> anyhow::Result<()> {
    let stack = duels().start().await?;
    let ticket = lobby(&stack, "Ada").await?.play(None).await?;
    let mut ada = Goat::enter(&stack, &ticket).await?;
    let _bob = Goat::play(&stack, "Bob").await?;
    ada.snapshot().await?;
    let way_back = ada.way_back()?;
    drop(ada);
    stack.server("matches")?.stop().await?;
    let mut ada = Goat::resume(&stack, &ticket.path, &way_back).await?;
    ada.snapshot().await?;
    stack.server("matches")?.start().await?;
    let tick = ada.snapshot().await?.state.tick;
    while ada.snapshot().await?.state.tick < tick + 40 {}
    let back = Goat::resume(&stack, &ticket.path, &ada.way_back()?).await?;
    back.seat().context("she has lost the seat")?;
    Ok(())
}
