//! A match has one owner at a time, and goes from one to the next as it stood.

mod handover;
mod moving;
mod server;
mod silence;
mod tries;
mod walks;

use std::collections::BTreeSet;

use acceptance::redis;
use anyhow::{Context, ensure};
use matches::{Allocation, Directory, Finished, MatchId, Member};
use protocol::PlayerId;
use stack::Stack;

use crate::lesson_9::directory::fake::{alone, ask, held, players};
use server::{Server, lose};

/// One player's seat.
async fn seat(directory: &Directory, player: PlayerId) -> anyhow::Result<Allocation> {
    let seats = directory.allocate(&ask(&[player])).await?;
    seats.into_iter().next().context("nobody got a seat")
}

/// One player, who sits on this server, in a match of its own.
async fn sitting(directory: &Directory, server: &Server) -> anyhow::Result<Allocation> {
    // Seven others come never, and nobody else gets their seats.
    let seats = directory.allocate(&ask(&players(8))).await?;
    server.enter(&seats[0]).await?;
    server.renew().await?;
    Ok(seats[0].clone())
}

fn named(player: PlayerId, name: &str) -> Member {
    Member {
        player,
        name: name.to_owned(),
    }
}

/// The result of a match, as it stands in the directory; nothing if there is none.
async fn result(stack: &Stack, id: &MatchId) -> anyhow::Result<String> {
    let answer = redis::ask(stack, "matches", &format!("GET result:{id}")).await?;
    Ok(answer.lines().nth(1).unwrap_or_default().to_owned())
}

#[tokio::test]
async fn a_match_goes_on_elsewhere_as_it_stood_and_its_players_keep_their_seats()
-> anyhow::Result<()> {
    let (stack, directory) = alone().await?;
    let lost = Server::ready(&directory, 1).await?;
    let all = players(5);
    let seats = directory.allocate(&ask(&all)).await?;
    let [ada, bob, cyd, dan, eve] = &seats[..] else {
        anyhow::bail!("{seats:?}");
    };
    // Ada and Bob play, Cyd leaves, Dan's goat is out, and Eve has a ticket only.
    for seat in [ada, bob, cyd, dan] {
        lost.enter(seat).await?;
    }
    lost.lose(&held(dan)).await?;
    lost.play(&ada.id, 123);
    let (_, checkpoints) = lost.report();
    lost.renew().await?;
    directory.leave(cyd.player).await?;
    let other = Server::ready(&directory, 1).await?;
    ensure!(other.take_over(9).await?.is_empty(), "its lease runs");
    lose(&stack, &lost).await?;

    let taken = other.take_over(9).await?;
    let [taken] = &taken[..] else {
        anyhow::bail!("{taken:?}");
    };
    ensure!(taken.id == ada.id && taken.epoch == 2, "{taken:?}");
    ensure!(taken.checkpoint == checkpoints[0].1, "{taken:?}");
    ensure!(taken.seats == [held(ada), held(bob)], "{taken:?}");
    ensure!(
        taken.out == [dan.seat] && !taken.is_handed_over,
        "{taken:?}"
    );
    for round in 0..3 {
        for (seat, is_taken) in [(ada, true), (bob, true), (eve, false)] {
            let known = directory.seat_of(seat.player).await?;
            let known = known.with_context(|| format!("{round}: a seat is lost"))?;
            ensure!(
                (&known.server, &known.id, known.seat, known.taken)
                    == (&other.id, &seat.id, seat.seat, is_taken),
                "{known:?}"
            );
            ensure!(!known.is_moving, "{known:?}");
        }
        ensure!(directory.seat_of(cyd.player).await?.is_none());
        other.renew().await?;
    }
    // Eve's ticket is for a server that is no more. She gets another for the same seat, and Bob one for his.
    for seat in [eve, bob] {
        let again = self::seat(&directory, seat.player).await?;
        ensure!(
            (&again.server, again.seat) == (&other.id, seat.seat),
            "{again:?}"
        );
        other.enter(&again).await?;
    }
    let fleet = directory.fleet().await?;
    let of = |id| fleet.iter().find(|server| server.server == id);
    let (before, now) = (of(lost.id.clone()), of(other.id.clone()));
    ensure!(before.is_some_and(|server| server.matches == 0 && server.players == 0));
    ensure!(now.is_some_and(|server| server.matches == 1 && server.players == 3));
    Ok(())
}

#[tokio::test]
async fn who_was_frozen_changes_nothing_any_more() -> anyhow::Result<()> {
    let (stack, directory) = alone().await?;
    let frozen = Server::ready(&directory, 1).await?;
    let ada = sitting(&directory, &frozen).await?;
    let second = Server::ready(&directory, 1).await?;
    let third = Server::ready(&directory, 1).await?;
    lose(&stack, &frozen).await?;
    ensure!(second.take_over(1).await?.len() == 1);
    second.play(&ada.id, 50);
    second.renew().await?;

    // It goes on, and says that it is much further, that everybody has left, and who has won.
    frozen.play(&ada.id, 1000);
    directory.release(&frozen.id, &held(&ada), false).await?;
    let told = directory
        .finish(&frozen.id, &ada.id, 1, "the frozen one's")
        .await?;
    ensure!(told == Finished::Fenced, "{told:?}");
    directory
        .give_up(&frozen.id, &ada.id, 1, "I was frozen")
        .await?;
    let renewed = frozen.renew().await?;
    ensure!(renewed.fenced == [ada.id.clone()], "{renewed:?}");
    ensure!(renewed.evicted.is_empty() && frozen.matches().is_empty());
    ensure!(second.renew().await?.fenced.is_empty());
    let known = directory.seat_of(ada.player).await?.context("no seat")?;
    ensure!(known.server == second.id && known.taken, "{known:?}");

    lose(&stack, &second).await?;
    let taken = third.take_over(1).await?;
    ensure!(
        taken[0].checkpoint.tick == 50 && taken[0].epoch == 3,
        "{taken:?}"
    );
    // Of two that were frozen, neither ends it, and of three results one is recorded, however often it is said.
    let told = second.finish(&ada.id, "the second one's").await?;
    ensure!(told == Finished::Fenced, "{told:?}");
    for _ in 0..3 {
        let told = directory
            .finish(&third.id, &ada.id, 3, "the third one's")
            .await?;
        ensure!(told == Finished::Recorded, "{told:?}");
    }
    let told = directory
        .finish(&frozen.id, &ada.id, 1, "the frozen one's")
        .await?;
    ensure!(told == Finished::Fenced, "{told:?}");
    ensure!(result(&stack, &ada.id).await? == "the third one's");
    ensure!(directory.seat_of(ada.player).await?.is_none());
    Ok(())
}

#[tokio::test]
async fn of_those_who_take_over_at_once_each_gets_others() -> anyhow::Result<()> {
    let (stack, directory) = alone().await?;
    let lost = Server::ready(&directory, 20).await?;
    let mut all = BTreeSet::new();
    for _ in 0..20 {
        all.insert(sitting(&directory, &lost).await?.id);
    }
    let (one, other) = (
        Server::ready(&directory, 8).await?,
        Server::ready(&directory, 20).await?,
    );
    lose(&stack, &lost).await?;
    // At most eight at once, so that nobody waits for a script that does too much.
    for _ in 0..3 {
        let (ones, others) = tokio::try_join!(one.take_over(20), other.take_over(20))?;
        ensure!(ones.len() <= 8 && others.len() <= 8, "{ones:?}, {others:?}");
        one.renew().await?;
        other.renew().await?;
    }
    let (ones, others) = (one.matches(), other.matches());
    println!("{} and {}", ones.len(), others.len());
    ensure!(ones.len() == 8, "it has room for eight: {}", ones.len());
    let taken: BTreeSet<MatchId> = ones
        .iter()
        .chain(&others)
        .map(|one| one.0.clone())
        .collect();
    ensure!(ones.len() + others.len() == 20 && taken == all);
    for server in [&one, &other] {
        let renewed = server.renew().await?;
        ensure!(renewed.fenced.is_empty() && renewed.evicted.is_empty());
    }
    Ok(())
}

/// Nobody knows which answer was lost, so all may be asked again.
#[tokio::test]
async fn an_answer_that_was_lost_is_given_again_and_costs_nobody_a_seat() -> anyhow::Result<()> {
    let (stack, directory) = alone().await?;
    let lost = Server::ready(&directory, 1).await?;
    let ada = sitting(&directory, &lost).await?;
    let other = Server::ready(&directory, 1).await?;
    lose(&stack, &lost).await?;
    let first = other.ask_for_matches(1).await?;
    ensure!(first.len() == 1, "{first:?}");
    // It says what it has, which is nothing, for as long as somebody's seat would be kept who has gone.
    for _ in 0..4 {
        tokio::time::sleep(std::time::Duration::from_millis(400)).await;
        other.renew().await?;
    }
    ensure!(other.ask_for_matches(0).await? == first);
    ensure!(other.take_over(1).await? == first);
    let known = directory.seat_of(ada.player).await?.context("no seat")?;
    ensure!(known.server == other.id && known.taken, "{known:?}");
    other.renew().await?;
    ensure!(other.take_over(1).await?.is_empty());
    Ok(())
}

#[tokio::test]
async fn a_match_that_nobody_has_begun_ends_with_its_server() -> anyhow::Result<()> {
    let (stack, directory) = alone().await?;
    let lost = Server::ready(&directory, 1).await?;
    let waits = seat(&directory, PlayerId::random()).await?;
    let other = Server::ready(&directory, 1).await?;
    lose(&stack, &lost).await?;
    ensure!(other.take_over(1).await?.is_empty());
    ensure!(directory.seat_of(waits.player).await?.is_none());
    let again = seat(&directory, waits.player).await?;
    ensure!(again.id != waits.id && again.server == other.id);
    ensure!(result(&stack, &waits.id).await?.is_empty());
    // Who has no room, is not heard of, or is about to end gets nothing.
    other.enter(&again).await?;
    other.renew().await?;
    let (full, draining) = (
        Server::ready(&directory, 0).await?,
        Server::ready(&directory, 1).await?,
    );
    draining.drain().await?;
    lose(&stack, &other).await?;
    for server in [&full, &draining, &other] {
        ensure!(server.take_over(9).await?.is_empty());
    }
    Ok(())
}
