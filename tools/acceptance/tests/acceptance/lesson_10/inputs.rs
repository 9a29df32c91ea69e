//! Each input is played in the tick that it is meant for, however unevenly they come.

use std::time::Duration;

use acceptance::goat::{Goat, counter, lobby};
use anyhow::ensure;
use game::{Direction, Input, State};
use protocol::game::InputFrame;
use tokio::time::{Instant, sleep_until};
use tokio_tungstenite::tungstenite::Message;

use super::duels;

/// How many ticks ahead of what it sees the client plays.
const AHEAD: u32 = 6;

/// Up to so long an input is held up on its way, and those behind it.
const JITTER_MS: u64 = 120;

fn to(direction: u8) -> Input {
    Input {
        direction: Direction::new(direction),
        hold: false,
    }
}

/// G09: an input that was kept back on the older socket comes after the newer one's.
#[tokio::test]
async fn what_comes_late_over_an_older_socket_moves_nothing() -> anyhow::Result<()> {
    let stack = duels().start().await?;
    let ticket = lobby(&stack, "Ada").await?.play(None).await?;
    let mut old = Goat::enter(&stack, &ticket).await?;
    let mut bob = Goat::play(&stack, "Bob").await?;
    old.snapshot().await?;
    let mut new = Goat::resume(&stack, &ticket.path, &old.way_back()?).await?;
    let rest = new.own().await?;
    let sent = new.act(Input::default()).await?;
    // The server has closed this socket, but may read what was on its way before it did.
    let tick = new.snapshot().await?.state.tick;
    for number in 1..5 {
        let late = InputFrame {
            direction: Some(3),
            sequence: (tick + number) as u16,
            ..InputFrame::default()
        };
        let _ = old.send(Message::binary(late.encode().to_vec())).await;
    }
    for _ in 0..10 {
        let snapshot = bob.snapshot().await?;
        let goat = snapshot.state.goats[0];
        ensure!((goat.x, goat.y) == (rest.x, rest.y), "it has moved");
        ensure!(goat.facing == rest.facing, "it has turned");
    }
    ensure!(bob.snapshot().await?.last_inputs[0] == sent);
    Ok(())
}

/// What a client does at a tick: it turns all the time, and presses the button now and then.
fn script(tick: u32) -> Input {
    Input {
        direction: Direction::new((tick / 5 * 7 % 32) as u8),
        hold: tick % 40 < 9,
    }
}

/// G41: the client plays the same inputs in the same ticks, so it is right without being told.
#[tokio::test]
async fn with_jitter_each_input_is_played_in_its_own_tick() -> anyhow::Result<()> {
    let stack = duels().start().await?;
    let mut ada = Goat::play(&stack, "Ada").await?;
    // He stands where he is, so the rules tell the rest.
    let mut bob = Goat::play(&stack, "Bob").await?;
    bob.act(Input::default()).await?;
    let mut state = ada.snapshot().await?.state;
    let first = state.tick + AHEAD;
    let mut due = Vec::new();
    let (mut right, mut wrong) = (0, 0);
    while state.tick < 400 && state.goats.iter().all(|goat| goat.lives == 3) {
        // One input a tick, each held up for another time, in their order.
        let number = state.tick + AHEAD;
        let held_up = Duration::from_millis(u64::from(number) * 37 % JITTER_MS);
        due.push((Instant::now() + held_up, number));
        let next = loop {
            let at = due.first().map(|(at, _)| *at);
            tokio::select! {
                biased;
                () = async { sleep_until(at.unwrap_or_else(Instant::now)).await }, if at.is_some() => {
                    let (_, number) = due.remove(0);
                    ada.client().act_as(number as u16, script(number)).await?;
                }
                next = ada.snapshot() => break next?.state,
            }
        };
        if state.tick >= first {
            let mut predicted: State = state.clone();
            predicted.step(&[script(next.tick), Input::default()]);
            if predicted == next {
                right += 1;
            } else {
                wrong += 1;
            }
        }
        state = next;
        if state.tick.is_multiple_of(4) {
            bob.act(Input::default()).await?;
        }
    }
    ensure!(right > 60, "only {right} ticks were played");
    // On a machine that is busy one may come after its tick.
    ensure!(wrong * 20 <= right, "{wrong} of {right} ticks were wrong");
    ensure!(counter(&stack, "inputs_stale").await? == 0);
    Ok(())
}

/// Who sees little of what goes on, or counts otherwise, is heard all the same.
#[tokio::test]
async fn numbers_that_are_no_ticks_are_played_at_once() -> anyhow::Result<()> {
    let stack = duels().start().await?;
    let mut ada = Goat::play(&stack, "Ada").await?;
    let _bob = Goat::play(&stack, "Bob").await?;
    let tick = ada.snapshot().await?.state.tick as u16;
    // Long ago, now, and in a while.
    for (direction, number) in [(3, tick.wrapping_sub(900)), (9, tick), (20, tick + 1_000)] {
        ada.client().act_as(number, to(direction)).await?;
        let mut waited = 0;
        while ada.snapshot().await?.last_inputs[0] != number {
            waited += 1;
            ensure!(waited < 5, "it waits");
        }
    }
    Ok(())
}
