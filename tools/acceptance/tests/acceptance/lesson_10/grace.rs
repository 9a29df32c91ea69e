//! What becomes of the goat of somebody who is away, and of the seat.

use std::time::{Duration, Instant};

use acceptance::goat::{Goat, lobby, the_match};
use anyhow::ensure;
use game::{Direction, Input};

use super::duels;

/// Waits until somebody is told this of the first seat.
async fn until_seat(goat: &mut Goat, holder: &str) -> anyhow::Result<()> {
    loop {
        let seats = goat.frame("seats").await?;
        ensure!(seats["names"][0] == "Ada", "{seats}");
        if seats["seats"][0] == holder {
            return Ok(());
        }
    }
}

/// A goat that runs to where it looks.
async fn run(goat: &mut Goat) -> anyhow::Result<()> {
    let direction = Some(goat.own().await?.facing);
    goat.act(Input {
        direction,
        hold: false,
    })
    .await?;
    while goat.own().await?.vx == 0 && goat.own().await?.vy == 0 {}
    Ok(())
}

#[tokio::test]
async fn the_goat_of_who_is_away_lies_where_it_is_and_gets_up_again() -> anyhow::Result<()> {
    let stack = duels().start().await?;
    let ticket = lobby(&stack, "Ada").await?.play(None).await?;
    let mut ada = Goat::enter(&stack, &ticket).await?;
    let mut bob = Goat::play(&stack, "Bob").await?;
    run(&mut ada).await?;
    let way_back = ada.way_back()?;
    drop(ada);
    until_seat(&mut bob, "away").await?;
    let told = the_match(&stack).await?;
    ensure!(told["seats"][0] == "away", "{told}");
    // Whatever was held, it comes to rest.
    let lies = loop {
        let goat = bob.snapshot().await?.state.goats[0];
        if (goat.vx, goat.vy) == (0, 0) {
            break goat;
        }
    };
    for _ in 0..20 {
        let goat = bob.snapshot().await?.state.goats[0];
        ensure!((goat.x, goat.y) == (lies.x, lies.y), "it walks");
    }
    let mut ada = Goat::resume(&stack, &ticket.path, &way_back).await?;
    until_seat(&mut bob, "player").await?;
    ada.snapshot().await?;
    run(&mut ada).await?;
    Ok(())
}

/// A phone goes through a tunnel: the connection stays, and nothing comes over it.
#[tokio::test]
async fn a_goat_does_not_run_on_when_its_player_is_not_heard() -> anyhow::Result<()> {
    let stack = duels().start().await?;
    let mut ada = Goat::play(&stack, "Ada").await?;
    let mut bob = Goat::play(&stack, "Bob").await?;
    run(&mut ada).await?;
    let heard = Instant::now();
    until_seat(&mut bob, "away").await?;
    let took = heard.elapsed();
    ensure!(took < Duration::from_secs(2), "it took {took:?}");
    // It was never lost, so it needs nothing but to be heard.
    ada.snapshot().await?;
    ada.act(Input::default()).await?;
    until_seat(&mut bob, "player").await?;
    Ok(())
}

#[tokio::test]
async fn after_the_grace_a_bot_plays_and_the_player_takes_the_goat_back() -> anyhow::Result<()> {
    let stack = duels().environment("GRACE", "1").start().await?;
    let ada = lobby(&stack, "Ada").await?;
    let ticket = ada.play(None).await?;
    let mut goat = Goat::enter(&stack, &ticket).await?;
    let mut bob = Goat::play(&stack, "Bob").await?;
    goat.snapshot().await?;
    let way_back = goat.way_back()?;
    drop(goat);
    until_seat(&mut bob, "away").await?;
    let left = Instant::now();
    until_seat(&mut bob, "bot").await?;
    let took = left.elapsed();
    ensure!((900..2_000).contains(&took.as_millis()), "it took {took:?}");
    // The seat is hers all the same.
    let seat = ada.state().await?.seat;
    ensure!(seat.is_some_and(|seat| seat.taken && seat.match_id == ticket.match_id));
    let before = bob.snapshot().await?.state.goats[0];
    let walks = async {
        loop {
            let goat = bob.snapshot().await?.state.goats[0];
            if (goat.x, goat.y) != (before.x, before.y) {
                return anyhow::Ok(());
            }
        }
    };
    walks.await?;
    let mut goat = Goat::resume(&stack, &ticket.path, &way_back).await?;
    until_seat(&mut bob, "player").await?;
    // She is heard.
    let sent = goat.act(Input::default()).await?;
    while goat.snapshot().await?.last_inputs[0] != sent {}
    drop(goat);
    until_seat(&mut bob, "bot").await?;
    let again = ada.play(None).await?;
    ensure!(again.match_id == ticket.match_id && again.seat == ticket.seat);
    Goat::enter(&stack, &again).await?;
    until_seat(&mut bob, "player").await
}

#[tokio::test]
async fn a_match_whose_players_stay_away_is_ended() -> anyhow::Result<()> {
    let stack = duels().environment("GRACE", "1").start().await?;
    let ada = Goat::play(&stack, "Ada").await?;
    let mut bob = Goat::play(&stack, "Bob").await?;
    let mut eve = Goat::watch(&stack, "Eve").await?;
    bob.snapshot().await?;
    drop((ada, bob));
    let left = Instant::now();
    let cancelled = eve.frame("cancelled").await?;
    ensure!(cancelled["code"] == "deserted", "{cancelled}");
    ensure!(left.elapsed() > Duration::from_millis(900));
    Ok(())
}

#[tokio::test]
async fn who_comes_back_after_the_end_sees_the_result() -> anyhow::Result<()> {
    let stack = duels().environment("TICK_RATE", "60").start().await?;
    let ticket = lobby(&stack, "Ada").await?.play(None).await?;
    let mut ada = Goat::enter(&stack, &ticket).await?;
    let mut bob = Goat::play(&stack, "Bob").await?;
    ada.snapshot().await?;
    // He runs until he has fallen three times.
    let direction = Direction::new(0);
    let runs = Input {
        direction,
        hold: false,
    };
    while bob.snapshot().await?.state.goats[1].lives > 1 {
        bob.act(runs).await?;
    }
    let way_back = ada.way_back()?;
    drop(ada);
    while bob.snapshot().await?.state.goats[1].lives > 0 {
        bob.act(runs).await?;
    }
    let told = bob.frame("result").await?;
    let mut back = Goat::resume(&stack, &ticket.path, &way_back).await?;
    let result = back.frame("result").await?;
    ensure!(result["winner"] == told["winner"], "{result} and {told}");
    ensure!(back.closed().await? == 4010);
    Ok(())
}
