//! While a match has no server, its players wait for it, and get no other seat.

use acceptance::redis;
use anyhow::{Context, ensure};
use matches::{AllocateError, HandedOver};
use protocol::PlayerId;

use super::{
    named, seat,
    server::{Server, lose},
    sitting,
};
use crate::lesson_9::directory::fake::{alone, ask, ask_as, players};

fn is_moving<T>(asked: &Result<T, AllocateError>) -> bool {
    matches!(asked, Err(AllocateError::Moving { retry_after }) if retry_after.as_millis() == 250)
}

#[tokio::test]
async fn whose_server_was_lost_waits_and_gets_the_same_seat() -> anyhow::Result<()> {
    let (stack, directory) = alone().await?;
    let lost = Server::ready(&directory, 1).await?;
    let all = players(3);
    let seats = directory.allocate(&ask(&all[..2])).await?;
    // Bob has not come yet.
    lost.enter(&seats[0]).await?;
    lost.renew().await?;
    let other = Server::ready(&directory, 2).await?;
    lose(&stack, &lost).await?;
    for (place, player) in all[..2].iter().enumerate() {
        let asked = directory.allocate(&ask(&[*player])).await;
        ensure!(is_moving(&asked), "{asked:?}");
        let known = directory.seat_of(*player).await?.context("no seat")?;
        ensure!(known.is_moving && known.server == lost.id, "{known:?}");
        ensure!(known.seat == seats[place].seat, "{known:?}");
    }
    // Nobody new is led there, though there are free seats, and who does not want to wait may leave.
    let late = seat(&directory, all[2]).await?;
    ensure!(late.id != seats[0].id, "{late:?}");
    directory.leave(all[1]).await?;
    ensure!(directory.seat_of(all[1]).await?.is_none());
    let elsewhere = seat(&directory, all[1]).await?;
    ensure!(elsewhere.id == late.id, "{elsewhere:?}");
    let taken = other.take_over(1).await?;
    ensure!(taken.len() == 1 && taken[0].seats.len() == 1, "{taken:?}");
    let again = seat(&directory, all[0]).await?;
    ensure!((&again.server, &again.id, again.seat) == (&other.id, &seats[0].id, seats[0].seat));
    other.enter(&again).await?;
    ensure!(other.renew().await?.evicted.is_empty());
    Ok(())
}

#[tokio::test]
async fn a_party_waits_for_its_match() -> anyhow::Result<()> {
    let (stack, directory) = alone().await?;
    let lost = Server::ready(&directory, 1).await?;
    let all = players(3);
    let party = directory.create_party(&named(all[0], "Ada")).await?;
    let join = async |player| {
        directory
            .join_party(&party.code, &named(player, "Bob"))
            .await
    };
    join(all[1]).await?;
    let seats = directory.allocate(&ask_as(&party.code, &all[..2])).await?;
    for seat in &seats {
        lost.enter(seat).await?;
    }
    lost.renew().await?;
    join(all[2]).await?;
    let other = Server::ready(&directory, 2).await?;
    lose(&stack, &lost).await?;
    // Its match is told all the time: who asks what the party does is not to think that it can begin another.
    for group in [&all[..1], &all[1..2], &all[2..], &all[..]] {
        let asked = directory.allocate(&ask_as(&party.code, group)).await;
        ensure!(is_moving(&asked), "{asked:?}");
        let known = directory.party_of(group[0]).await?.context("no party")?;
        ensure!(known.id.as_ref() == Some(&seats[0].id), "{known:?}");
    }
    ensure!(other.take_over(1).await?.len() == 1);
    let again = directory.allocate(&ask_as(&party.code, &all)).await?;
    for (again, before) in again.iter().zip(&seats) {
        ensure!((&again.server, again.seat) == (&other.id, before.seat));
    }
    ensure!(again[2].id == seats[0].id, "{again:?}");
    Ok(())
}

#[tokio::test]
async fn a_party_on_a_server_that_drains_plays_on_and_who_is_new_waits() -> anyhow::Result<()> {
    let (_stack, directory) = alone().await?;
    let one = Server::ready(&directory, 1).await?;
    let all = players(2);
    let party = directory.create_party(&named(all[0], "Ada")).await?;
    let seats = directory.allocate(&ask_as(&party.code, &all[..1])).await?;
    one.enter(&seats[0]).await?;
    one.drain().await?;
    directory
        .join_party(&party.code, &named(all[1], "Bob"))
        .await?;
    let other = Server::ready(&directory, 1).await?;
    let own = directory.allocate(&ask_as(&party.code, &all[..1])).await?;
    ensure!((&own[0].server, own[0].seat) == (&one.id, seats[0].seat));
    let asked = directory
        .allocate(&ask_as(&party.code, &[all[1], all[0]]))
        .await;
    ensure!(is_moving(&asked), "{asked:?}");
    let to = one.hand_over(&seats[0].id).await?;
    ensure!(to == HandedOver::To(other.id.clone()), "{to:?}");
    let asked = directory
        .allocate(&ask_as(&party.code, &[all[1], all[0]]))
        .await?;
    ensure!(
        asked.iter().all(|seat| seat.server == other.id),
        "{asked:?}"
    );
    Ok(())
}

/// After a minute nobody is kept waiting any more, be it a match of a lost server or one that was handed over to nobody.
#[tokio::test]
async fn a_match_that_nobody_takes_is_lost_after_a_minute() -> anyhow::Result<()> {
    let (stack, directory) = alone().await?;
    let one = Server::ready(&directory, 2).await?;
    let (ada, bob) = (
        sitting(&directory, &one).await?,
        sitting(&directory, &one).await?,
    );
    one.drain().await?;
    ensure!(one.hand_over(&ada.id).await? == HandedOver::Waiting);
    lose(&stack, &one).await?;
    for player in [ada.player, bob.player] {
        let known = directory.seat_of(player).await?.context("no seat")?;
        ensure!(known.is_moving, "{known:?}");
    }
    for ago in [
        format!("HINCRBY server:{} lease -61000", one.id),
        format!("ZINCRBY orphans -61000 {}", ada.id),
    ] {
        redis::ask(&stack, "matches", &ago).await?;
    }
    let other = Server::ready(&directory, 2).await?;
    for player in [ada.player, bob.player] {
        ensure!(directory.seat_of(player).await?.is_none());
        let again = seat(&directory, player).await?;
        ensure!(again.server == other.id, "{again:?}");
        other.enter(&again).await?;
    }
    ensure!(other.take_over(9).await?.is_empty());
    ensure!(other.renew().await?.evicted.is_empty());
    let orphans = redis::ask(&stack, "matches", "ZCARD orphans").await?;
    ensure!(orphans.trim() == ":0", "{orphans}");
    let stranger = seat(&directory, PlayerId::random()).await?;
    ensure!(stranger.id != ada.id && stranger.id != bob.id);
    Ok(())
}
