//! Servers and keys are lost, and come back.

use std::time::Duration;

use acceptance::redis;
use anyhow::{Context, ensure};
use matches::{AllocateError, ClaimError, LEASE, Placement, ServerState};
use protocol::PlayerId;
use stack::until;

use super::{
    fake::{Fake, alone, ask, ask_as, held, players},
    named, seat, sitting,
};

#[tokio::test]
async fn a_server_that_was_frozen_is_back_with_its_matches() -> anyhow::Result<()> {
    let (_stack, directory) = alone().await?;
    let frozen = Fake::ready(&directory, 2).await?;
    let ada = sitting(&directory, &frozen).await?;
    let bob = sitting(&directory, &frozen).await?;
    let late = seat(&directory, PlayerId::random()).await?;
    let state = async || {
        let fleet = directory.fleet().await?;
        anyhow::Ok(
            fleet
                .iter()
                .find(|server| server.server == frozen.id)
                .map(|server| server.state),
        )
    };
    ensure!(state().await? == Some(ServerState::Allocated));
    // The lease runs out by itself.
    until("the server being lost", LEASE * 2, async || {
        let state = state().await.map_err(|error| error.to_string())?;
        let is_lost = state == Some(ServerState::Lost);
        is_lost.then_some(()).ok_or_else(|| format!("{state:?}"))
    })
    .await?;
    // Nothing on it is given out, and its players are free to go.
    let nowhere = directory.allocate(&ask(&players(1))).await;
    ensure!(
        matches!(nowhere, Err(AllocateError::NoServers { .. })),
        "{nowhere:?}"
    );
    ensure!(frozen.enter(&late).await == Err(ClaimError::Draining));
    ensure!(directory.seat_of(ada.player).await?.is_none());
    let other = Fake::ready(&directory, 2).await?;
    let moved = seat(&directory, ada.player).await?;
    ensure!(moved.server == other.id);
    other.enter(&moved).await?;
    // It is back: who stayed is there, and who sits elsewhere by now goes.
    let renewed = frozen.renew().await?;
    ensure!(renewed.evicted == [held(&ada)], "{renewed:?}");
    ensure!(frozen.taken() == [held(&bob)]);
    let known = directory
        .seat_of(bob.player)
        .await?
        .context("Bob's seat is lost")?;
    ensure!(known.server == frozen.id && known.taken, "{known:?}");
    ensure!(state().await? == Some(ServerState::Allocated));
    other.renew().await?;
    let known = directory
        .seat_of(ada.player)
        .await?
        .context("Ada's seat is lost")?;
    ensure!(known.server == other.id, "{known:?}");
    ensure!(other.taken() == [held(&moved)]);
    Ok(())
}

#[tokio::test]
async fn a_server_that_drains_or_is_gone_gets_nobody() -> anyhow::Result<()> {
    let (_stack, directory) = alone().await?;
    let server = Fake::ready(&directory, 2).await?;
    let waits = seat(&directory, PlayerId::random()).await?;
    let report = server.report(ServerState::Ready);
    server.renew_as(ServerState::Draining).await?;
    ensure!(directory.fleet().await?[0].state == ServerState::Draining);
    let nowhere = directory.allocate(&ask(&players(1))).await;
    ensure!(
        matches!(nowhere, Err(AllocateError::NoServers { .. })),
        "{nowhere:?}"
    );
    directory.withdraw(&server.id).await?;
    // A report that was on its way brings nothing back.
    directory.renew(&report, &[]).await?;
    ensure!(directory.fleet().await?.is_empty());
    ensure!(directory.seat_of(waits.player).await?.is_none());
    let starting = Fake::ready(&directory, 2).await?;
    starting.renew_as(ServerState::Starting).await?;
    let nowhere = directory.allocate(&ask(&players(1))).await;
    ensure!(
        matches!(nowhere, Err(AllocateError::NoServers { .. })),
        "{nowhere:?}"
    );
    Ok(())
}

/// Whatever key is lost: what servers and players have stays theirs, and everybody can play on.
#[tokio::test]
async fn whatever_key_is_deleted_the_directory_is_consistent_again() -> anyhow::Result<()> {
    let (stack, directory) = alone().await?;
    let (one, other) = (
        Fake::ready(&directory, 3).await?,
        Fake::ready(&directory, 3).await?,
    );
    let mut seats = Vec::new();
    for placement in [Placement::Packed, Placement::Spread] {
        let mut group = ask(&players(5));
        group.placement = placement;
        seats.extend(directory.allocate(&group).await?);
    }
    let at = |id| if one.id == id { &one } else { &other };
    for seat in &seats {
        at(seat.server.clone()).enter(seat).await?;
    }
    let (ada, bob) = (PlayerId::random(), PlayerId::random());
    let party = directory.create_party(&named(ada, "Ada")).await?;
    directory
        .join_party(&party.code, &named(bob, "Bob"))
        .await?;
    for seat in directory
        .allocate(&ask_as(&party.code, &[ada, bob]))
        .await?
    {
        at(seat.server.clone()).enter(&seat).await?;
        seats.push(seat);
    }
    let held_seat = seat(&directory, PlayerId::random()).await?;
    let full = directory.allocate(&ask(&players(9))).await;
    ensure!(matches!(full, Err(AllocateError::Full { .. })), "{full:?}");

    let everything = redis::everything(&stack, "matches").await?;
    let mut kinds: Vec<&str> = everything
        .iter()
        .flat_map(|(key, _)| key.split(':').next())
        .collect();
    kinds.dedup();
    println!("{} keys: {kinds:?}", everything.len());
    for (key, _) in &everything {
        redis::ask(&stack, "matches", &format!("DEL {key}")).await?;
        // Somebody asks before the servers have said anything.
        let early = directory.allocate(&ask(&players(1))).await;
        for server in [&one, &other] {
            let renewed = server.renew().await?;
            ensure!(renewed.evicted.is_empty(), "{key}: {renewed:?}");
        }
        for seat in &seats {
            let known = directory.seat_of(seat.player).await?;
            let known = known.with_context(|| format!("{key}: a seat is lost"))?;
            ensure!(
                (&known.server, &known.id, known.seat, known.taken)
                    == (&seat.server, &seat.id, seat.seat, true),
                "{key}: {known:?}"
            );
        }
        let fleet = directory.fleet().await?;
        let players: u32 = fleet.iter().map(|server| server.players).sum();
        ensure!(players as usize == seats.len(), "{key}: {fleet:?}");
        ensure!(directory.watchable().await?.is_some(), "{key}");
        if let Ok(early) = early {
            directory.leave(early[0].player).await?;
        }
        // Somebody else plays, and gets a seat of their own.
        let guest = seat(&directory, PlayerId::random()).await?;
        let is_taken =
            |seat: &matches::Allocation| (&seat.id, seat.seat) == (&guest.id, guest.seat);
        ensure!(!seats.iter().any(is_taken), "{key}: {guest:?}");
        directory.leave(guest.player).await?;
        for member in [ada, bob] {
            directory.party_of(member).await?;
        }
        let (adas, bobs) = (
            directory.party_of(ada).await?,
            directory.party_of(bob).await?,
        );
        ensure!(
            adas == bobs || key.starts_with("party"),
            "{key}: {adas:?}, {bobs:?}"
        );
    }
    // The one who was waited for has the seat, or has lost it and gets another.
    let seat = seat(&directory, held_seat.player).await?;
    at(seat.server.clone()).enter(&seat).await?;
    Ok(())
}

/// What nobody speaks of any more is not kept.
#[tokio::test]
async fn what_nobody_renews_runs_out() -> anyhow::Result<()> {
    let (stack, directory) = alone().await?;
    let server = Fake::ready(&directory, 1).await?;
    let seat = sitting(&directory, &server).await?;
    server.renew().await?;
    for key in [
        format!("server:{}", server.id),
        format!("matches:{}", server.id),
        format!("open:{}", server.id),
        format!("match:{}", seat.id),
        format!("seat:{}", seat.player),
    ] {
        let lasts = redis::ask(&stack, "matches", &format!("TTL {key}")).await?;
        let lasts: i64 = lasts.trim().trim_start_matches(':').parse()?;
        let lasts = Duration::from_secs(u64::try_from(lasts).with_context(|| key.clone())?);
        ensure!(
            lasts > LEASE && lasts <= Duration::from_secs(303),
            "{key}: {lasts:?}"
        );
    }
    Ok(())
}
