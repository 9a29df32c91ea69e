//! The directory itself is away, or has lost something.

use std::time::Duration;

use acceptance::redis;
use anyhow::{Context, ensure};
use matches::{AllocateError, DirectoryError, Finished, HandedOver, LEASE, ServerState};
use nix::sys::signal::Signal;
use protocol::PlayerId;
use stack::until;
use tokio::time::sleep;

use super::{
    server::{Server, lose},
    sitting,
};
use crate::lesson_9::directory::fake::{alone, ask, held};

/// All leases have run out while nobody could say anything. Whoever speaks first must not get the matches of the others.
#[tokio::test]
async fn after_the_directory_was_away_everybody_may_say_first_what_they_have() -> anyhow::Result<()>
{
    let (stack, directory) = alone().await?;
    let one = Server::ready(&directory, 1).await?;
    let ada = sitting(&directory, &one).await?;
    let other = Server::ready(&directory, 2).await?;
    let bob = sitting(&directory, &other).await?;
    let matches = stack.server("matches")?;
    matches.signal(Signal::SIGSTOP)?;
    // That it is longer than the lease is what is tested.
    sleep(LEASE + Duration::from_millis(500)).await;
    matches.signal(Signal::SIGCONT)?;
    // Before anybody is heard, all are waited for.
    for player in [ada.player, bob.player] {
        let known = directory.seat_of(player).await?.context("no seat")?;
        ensure!(known.is_moving, "{known:?}");
    }
    for _ in 0..3 {
        other.renew().await?;
        ensure!(other.take_over(9).await?.is_empty(), "it took a match");
    }
    let known = directory.seat_of(ada.player).await?.context("no seat")?;
    ensure!(known.is_moving, "{known:?}");
    let renewed = one.renew().await?;
    ensure!(renewed.fenced.is_empty() && renewed.evicted.is_empty());
    for (seat, server) in [(&ada, &one), (&bob, &other)] {
        let known = directory.seat_of(seat.player).await?.context("no seat")?;
        ensure!(known.server == server.id && !known.is_moving, "{known:?}");
    }
    // From then on a server that is lost is lost.
    let _keeper = other.keep();
    let taken = until("the match being taken over", LEASE * 4, async || {
        let taken = other.take_over(9).await;
        let taken = taken.map_err(|error| format!("{error:#}"))?;
        (!taken.is_empty())
            .then_some(taken)
            .ok_or_else(|| "there is none".to_owned())
    })
    .await?;
    ensure!(taken[0].id == ada.id, "{taken:?}");
    Ok(())
}

/// The directory forgets whose a match is, and the one that was fenced speaks first.
#[tokio::test]
async fn who_has_the_higher_epoch_is_believed() -> anyhow::Result<()> {
    let (stack, directory) = alone().await?;
    let frozen = Server::ready(&directory, 1).await?;
    let ada = sitting(&directory, &frozen).await?;
    let owner = Server::ready(&directory, 1).await?;
    lose(&stack, &frozen).await?;
    ensure!(owner.take_over(1).await?.len() == 1);
    owner.renew().await?;
    // Its checkpoint says at which epoch it was.
    redis::ask(&stack, "matches", &format!("DEL match:{}", ada.id)).await?;
    let (report, checkpoints) = frozen.report();
    let renewed = directory.renew(&report, &checkpoints).await?;
    ensure!(renewed.fenced == [ada.id.clone()], "{renewed:?}");
    owner.renew().await?;
    // Without both nobody knows it, until the owner says so.
    for key in ["match", "checkpoint"] {
        redis::ask(&stack, "matches", &format!("DEL {key}:{}", ada.id)).await?;
    }
    let renewed = directory.renew(&report, &checkpoints).await?;
    ensure!(renewed.fenced.is_empty(), "{renewed:?}");
    let renewed = owner.renew().await?;
    ensure!(
        renewed.fenced.is_empty() && renewed.evicted.is_empty(),
        "{renewed:?}"
    );
    let known = directory.seat_of(ada.player).await?.context("no seat")?;
    ensure!(known.server == owner.id && known.taken && !known.is_moving);
    let renewed = frozen.renew().await?;
    ensure!(renewed.fenced == [ada.id.clone()], "{renewed:?}");
    let again = directory.allocate(&ask(&[ada.player])).await?;
    ensure!(again[0].server == owner.id, "{again:?}");
    Ok(())
}

/// Without its leases every match would stand still.
#[tokio::test]
async fn a_full_directory_gives_nothing_new_and_matches_go_on() -> anyhow::Result<()> {
    let (stack, directory) = alone().await?;
    let one = Server::ready(&directory, 2).await?;
    let ada = sitting(&directory, &one).await?;
    let other = Server::ready(&directory, 2).await?;
    redis::ask(&stack, "matches", "CONFIG SET maxmemory 1").await?;
    let refused = directory.allocate(&ask(&[PlayerId::random()])).await;
    ensure!(
        refused == Err(AllocateError::Directory(DirectoryError::Full)),
        "{refused:?}"
    );
    one.play(&ada.id, 5);
    one.renew().await?;
    ensure!(one.hand_over(&ada.id).await? == HandedOver::To(other.id.clone()));
    let taken = other.take_over(1).await?;
    ensure!(
        taken.len() == 1 && taken[0].checkpoint.tick == 5,
        "{taken:?}"
    );
    ensure!(other.renew().await?.fenced.is_empty());
    let known = directory.seat_of(ada.player).await?.context("no seat")?;
    ensure!(known.server == other.id, "{known:?}");
    ensure!(other.finish(&ada.id, "{}").await? == Finished::Recorded);
    Ok(())
}

/// Whatever key is lost, also of what is only there while matches move: who plays goes on, and who was fenced stays so.
#[tokio::test]
async fn whatever_key_is_deleted_each_match_has_one_owner() -> anyhow::Result<()> {
    let (stack, directory) = alone().await?;
    let frozen = Server::ready(&directory, 2).await?;
    let (ada, bob) = (
        sitting(&directory, &frozen).await?,
        sitting(&directory, &frozen).await?,
    );
    let stale = frozen.report();
    let owner = Server::ready(&directory, 3).await?;
    frozen.hand_over(&ada.id).await?;
    lose(&stack, &frozen).await?;
    ensure!(owner.take_over(9).await?.len() == 2);
    owner.renew().await?;
    for (key, _) in redis::everything(&stack, "matches").await? {
        redis::ask(&stack, "matches", &format!("DEL {key}")).await?;
        let renewed = owner.renew().await?;
        ensure!(
            renewed.fenced.is_empty() && renewed.evicted.is_empty(),
            "{key}: {renewed:?}"
        );
        let renewed = directory.renew(&stale.0, &stale.1).await?;
        ensure!(renewed.fenced.len() == 2, "{key}: {renewed:?}");
        ensure!(owner.take_over(9).await?.is_empty(), "{key}");
        for seat in [&ada, &bob] {
            let known = directory.seat_of(seat.player).await?;
            let known = known.with_context(|| format!("{key}: a seat is lost"))?;
            ensure!(
                known.server == owner.id && known.taken && !known.is_moving,
                "{key}: {known:?}"
            );
        }
        let fleet = directory.fleet().await?;
        let owned = fleet.iter().find(|server| server.server == owner.id);
        ensure!(
            owned.is_some_and(|server| server.state == ServerState::Allocated
                && server.matches == 2
                && server.players == 2),
            "{key}: {fleet:?}"
        );
    }
    let reported = owner.report().0.matches;
    ensure!(reported.iter().all(|told| told.epoch == 2), "{reported:?}");
    ensure!(reported.iter().any(|told| told.taken == [held(&ada)]));
    Ok(())
}
