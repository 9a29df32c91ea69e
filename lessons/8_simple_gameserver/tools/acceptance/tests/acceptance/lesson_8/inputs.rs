//! What a player does is felt, at whatever moment it comes.

use std::time::Duration;

use acceptance::goat::{Goat, counter};
use anyhow::ensure;
use game::{Direction, Input};
use stack::Stack;
use tokio::time::{Instant, sleep_until};

use super::players;

/// Taps of each of two players.
const TAPS: u32 = 50;

/// Shorter than a tenth of a tick.
const HELD: Duration = Duration::from_millis(5);

/// Two goats of players, far from each other, and nobody else.
async fn duel() -> anyhow::Result<(Stack, Vec<Goat>)> {
    let builder = Stack::builder().environment("SEATS", "2");
    let stack = builder.environment("SEED", "1").start().await?;
    let mut goats = players(&stack, 2).await?;
    for goat in &mut goats {
        goat.frame("started").await?;
    }
    Ok((stack, goats))
}

/// What became of a player's taps.
#[derive(Debug, Default, PartialEq, Eq)]
struct Felt {
    charges: u32,
    butts: u32,
}

/// Taps the button, and lets the goat jump to and fro so that it stays where it is.
async fn tap(mut goat: Goat, offset: Duration) -> anyhow::Result<Felt> {
    let first = goat.own().await?;
    let side = |tap: u32| {
        Direction::new((first.facing.number() + if tap.is_multiple_of(2) { 8 } else { 24 }) % 32)
    };
    // Seven ticks and a hundredth of one: so the taps come at a hundred moments between two ticks, with those of both players.
    let pause = Duration::from_millis(351);
    let begin = Instant::now() + offset;
    let (mut felt, mut before) = (Felt::default(), first);
    for number in 0..TAPS {
        let at = begin + pause * number;
        let moments = [(at, true), (at + HELD, false), (at + pause / 2, false)];
        for (index, (moment, hold)) in moments.into_iter().enumerate() {
            while Instant::now() < moment {
                let next = tokio::select! {
                    own = goat.own() => own?,
                    () = sleep_until(moment) => break,
                };
                felt.charges += u32::from(before.charge == 0 && next.charge > 0);
                felt.butts += u32::from(next.lunge > before.lunge);
                before = next;
            }
            if index < 2 {
                let direction = hold.then(|| side(number)).flatten();
                goat.act(Input { direction, hold }).await?;
            }
        }
    }
    Ok(felt)
}

/// G01: a button that is pressed and released between two ticks.
#[tokio::test]
async fn a_quick_tap_is_felt_at_each_of_a_hundred_moments() -> anyhow::Result<()> {
    let (_stack, mut goats) = duel().await?;
    let (bob, ada) = (goats.remove(1), goats.remove(0));
    let both = tokio::join!(
        tap(ada, Duration::ZERO),
        tap(bob, Duration::from_micros(500)),
    );
    let all = Felt {
        charges: TAPS,
        butts: TAPS,
    };
    let (ada, bob) = (both.0?, both.1?);
    ensure!(
        ada == all && bob == all,
        "{ada:?} and {bob:?} of {TAPS} each"
    );
    Ok(())
}

fn to(direction: u8) -> Input {
    Input {
        direction: Direction::new(direction),
        hold: false,
    }
}

/// Waits until the server has played the input with this number, and then sees the goat look there.
async fn looks(goat: &mut Goat, sequence: u16, direction: u8) -> anyhow::Result<()> {
    let seat = goat.seat()?;
    for _ in 0..40 {
        let snapshot = goat.snapshot().await?;
        if snapshot.last_inputs[seat] == sequence {
            let facing = snapshot.state.goats[seat].facing.number();
            ensure!(facing == direction, "input {sequence} led to {facing}");
            return Ok(());
        }
    }
    anyhow::bail!("input {sequence} was not played")
}

/// G05: numbers of 16 bits are used up within the hour.
#[tokio::test]
async fn inputs_count_on_over_the_largest_number_and_after_one_from_far_ahead() -> anyhow::Result<()>
{
    let (stack, mut goats) = duel().await?;
    let goat = &mut goats[0];
    for (direction, sequence) in [(1, 65_534), (2, 65_535), (3, 0), (4, 1)] {
        goat.client().act_as(sequence, to(direction)).await?;
        looks(goat, sequence, direction).await?;
    }
    // Older ones, and the same once more.
    for sequence in [0, 65_535, 40_000, 1] {
        goat.client().act_as(sequence, to(20)).await?;
    }
    // Far ahead, up to the farthest that there is.
    for sequence in [2_000, 32_768] {
        goat.client().act_as(sequence, to(21)).await?;
    }
    goat.client().act_as(2, to(5)).await?;
    looks(goat, 2, 5).await?;
    ensure!(counter(&stack, "inputs_stale").await? == 6);
    ensure!(counter(&stack, "inputs_taken").await? == 5);
    Ok(())
}

#[tokio::test]
async fn a_key_that_stays_down_need_not_be_said_again() -> anyhow::Result<()> {
    let (_stack, mut goats) = duel().await?;
    let goat = &mut goats[0];
    let facing = goat.own().await?.facing;
    // Across the mountain, where the other one is: it takes a while.
    let sent = goat.act(to(facing.number())).await?;
    looks(goat, sent, facing.number()).await?;
    let mut before = goat.own().await?;
    for _ in 0..10 {
        let next = goat.own().await?;
        ensure!((next.x, next.y) != (before.x, before.y), "it stands still");
        before = next;
    }
    let sent = goat.act(Input::default()).await?;
    looks(goat, sent, facing.number()).await?;
    for _ in 0..40 {
        let next = goat.own().await?;
        if (next.vx, next.vy) == (0, 0) {
            return Ok(());
        }
        goat.act(Input::default()).await?;
    }
    anyhow::bail!("it goes on though the key was released")
}

/// More than there are ticks for: what was pressed and released is felt, and the last direction counts.
#[tokio::test]
async fn many_inputs_at_once_are_played_without_delay() -> anyhow::Result<()> {
    let (stack, mut goats) = duel().await?;
    let goat = &mut goats[0];
    let first = goat.own().await?.facing.number();
    for step in 0..40 {
        let hold = step == 20;
        let direction = Direction::new((first + step) % 32);
        goat.act(Input { direction, hold }).await?;
    }
    let last = goat.client().next_sequence.wrapping_sub(1);
    let before = goat.snapshot().await?.state.tick;
    let mut charged = false;
    loop {
        let snapshot = goat.snapshot().await?;
        charged |= snapshot.state.goats[0].charge > 0;
        if snapshot.last_inputs[0] == last {
            let waited = snapshot.state.tick - before;
            ensure!(waited <= 6, "{waited} ticks");
            break;
        }
    }
    ensure!(charged, "the button was not felt");
    ensure!(counter(&stack, "inputs_merged").await? > 0);
    Ok(())
}
