//! A server that ends hands its matches over, and lets nobody new in.

use anyhow::{Context, ensure};
use matches::{AllocateError, HandedOver};
use protocol::PlayerId;

use super::{seat, server::Server, sitting};
use crate::lesson_9::directory::fake::{alone, ask, held, players};

#[tokio::test]
async fn a_match_is_handed_to_the_fullest_server_that_has_room_and_reads_it() -> anyhow::Result<()>
{
    let (_stack, directory) = alone().await?;
    let one = Server::of_version(&directory, 3, 2).await?;
    let (ada, bob) = (
        sitting(&directory, &one).await?,
        sitting(&directory, &one).await?,
    );
    one.drain().await?;
    let full = Server::of_version(&directory, 1, 2).await?;
    sitting(&directory, &full).await?;
    let older = Server::of_version(&directory, 3, 1).await?;
    for _ in 0..2 {
        sitting(&directory, &older).await?;
    }
    let fullest = Server::of_version(&directory, 2, 2).await?;
    let empty = Server::of_version(&directory, 2, 2).await?;
    let third = directory.allocate(&ask(&players(8))).await?;
    ensure!(third[0].server == older.id, "{third:?}");
    let next = directory.allocate(&ask(&players(8))).await?;
    let (fullest, empty) = if next[0].server == fullest.id {
        (fullest, empty)
    } else {
        (empty, fullest)
    };
    let to = one.hand_over(&bob.id).await?;
    ensure!(to == HandedOver::To(fullest.id.clone()), "{to:?}");
    one.play(&ada.id, 77);
    let (_, checkpoints) = one.report();
    let to = one.hand_over(&ada.id).await?;
    ensure!(to == HandedOver::To(empty.id.clone()), "{to:?}");
    // Who got no answer asks again, and gets the same one; who was fenced before gets another.
    let again = directory.hand_over(&one.id, &ada.id, 1, &checkpoints[0].1);
    ensure!(again.await? == to);
    let stranger = directory.hand_over(&full.id, &ada.id, 1, &checkpoints[0].1);
    ensure!(stranger.await? == HandedOver::Fenced);

    // Before the other one has asked for it, the seat is there already.
    let known = directory.seat_of(ada.player).await?.context("no seat")?;
    ensure!(known.server == empty.id && known.taken && !known.is_moving);
    for _ in 0..4 {
        tokio::time::sleep(std::time::Duration::from_millis(400)).await;
        one.renew().await?;
        empty.renew().await?;
    }
    let taken = empty.take_over(0).await?;
    ensure!(taken.len() == 1 && taken[0].is_handed_over, "{taken:?}");
    ensure!(taken[0].epoch == 2 && taken[0].seats == [held(&ada)]);
    ensure!(taken[0].checkpoint == checkpoints[0].1, "{taken:?}");
    ensure!(empty.renew().await?.fenced.is_empty());
    directory.withdraw(&one.id).await?;
    let known = directory.seat_of(ada.player).await?.context("no seat")?;
    ensure!(known.server == empty.id && known.taken && !known.is_moving);
    Ok(())
}

#[tokio::test]
async fn a_match_that_nobody_has_room_for_waits() -> anyhow::Result<()> {
    let (_stack, directory) = alone().await?;
    let one = Server::ready(&directory, 1).await?;
    let ada = sitting(&directory, &one).await?;
    let full = Server::ready(&directory, 1).await?;
    sitting(&directory, &full).await?;
    one.drain().await?;
    one.play(&ada.id, 9);
    let (_, checkpoints) = one.report();
    ensure!(one.hand_over(&ada.id).await? == HandedOver::Waiting);
    let again = directory.hand_over(&one.id, &ada.id, 1, &checkpoints[0].1);
    ensure!(again.await? == HandedOver::Waiting);
    directory.withdraw(&one.id).await?;
    ensure!(full.take_over(1).await?.is_empty());
    let known = directory.seat_of(ada.player).await?.context("no seat")?;
    ensure!(known.is_moving && known.server == one.id, "{known:?}");
    let late = Server::ready(&directory, 1).await?;
    let taken = late.take_over(1).await?;
    ensure!(taken.len() == 1 && taken[0].is_handed_over, "{taken:?}");
    ensure!(taken[0].checkpoint == checkpoints[0].1 && taken[0].epoch == 2);
    late.renew().await?;
    let again = seat(&directory, ada.player).await?;
    ensure!(again.server == late.id && again.seat == ada.seat);
    Ok(())
}

/// Two servers are told to stop, one after the other.
#[tokio::test]
async fn what_was_handed_to_a_server_that_ends_too_goes_further() -> anyhow::Result<()> {
    let (_stack, directory) = alone().await?;
    let one = Server::ready(&directory, 2).await?;
    let (ada, bob) = (
        sitting(&directory, &one).await?,
        sitting(&directory, &one).await?,
    );
    let next = Server::ready(&directory, 2).await?;
    one.drain().await?;
    ensure!(one.hand_over(&ada.id).await? == HandedOver::To(next.id.clone()));
    // It has not asked for the match yet, and does not ask any more.
    next.drain().await?;
    ensure!(next.take_over(9).await?.is_empty());
    let known = directory.seat_of(ada.player).await?.context("no seat")?;
    ensure!(known.is_moving, "{known:?}");
    let last = Server::ready(&directory, 2).await?;
    ensure!(one.hand_over(&bob.id).await? == HandedOver::To(last.id.clone()));
    directory.withdraw(&last.id).await?;
    directory.withdraw(&next.id).await?;
    let third = Server::ready(&directory, 2).await?;
    let taken = third.take_over(9).await?;
    ensure!(
        taken.iter().all(|taken| taken.is_handed_over) && taken.len() == 2,
        "{taken:?}"
    );
    for player in [ada.player, bob.player] {
        let known = directory.seat_of(player).await?.context("no seat")?;
        ensure!(known.server == third.id && !known.is_moving, "{known:?}");
    }
    Ok(())
}

#[tokio::test]
async fn a_server_that_drains_lets_in_whoever_has_a_seat_there_and_gives_no_new_ones()
-> anyhow::Result<()> {
    let (_stack, directory) = alone().await?;
    let one = Server::ready(&directory, 3).await?;
    let all = players(2);
    let seats = directory.allocate(&ask(&all)).await?;
    one.enter(&seats[0]).await?;
    one.drain().await?;
    // Bob has had his ticket before, and Ada asks for another, because her page was loaded anew.
    one.enter(&seats[1]).await?;
    let again = seat(&directory, all[0]).await?;
    ensure!((&again.server, &again.id, again.seat) == (&one.id, &seats[0].id, seats[0].seat));
    ensure!(again.nonce != seats[0].nonce);
    one.enter(&again).await?;
    ensure!(one.renew().await?.evicted.is_empty());
    // There are six free seats, and room for two matches more.
    let nowhere = directory.allocate(&ask(&players(1))).await;
    ensure!(
        matches!(nowhere, Err(AllocateError::NoServers { .. })),
        "{nowhere:?}"
    );
    let other = Server::ready(&directory, 1).await?;
    let late = seat(&directory, PlayerId::random()).await?;
    ensure!(late.server == other.id, "{late:?}");
    ensure!(
        directory
            .seat_of(all[0])
            .await?
            .is_some_and(|seat| !seat.is_moving)
    );
    Ok(())
}
