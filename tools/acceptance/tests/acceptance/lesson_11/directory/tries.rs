//! What cannot be gone on with is set aside, and what another build has written is left to that.

use acceptance::redis;
use anyhow::{Context, ensure};
use matches::{AllocateError, Finished, HandedOver};

use super::{
    named, result, seat,
    server::{Server, lose},
    sitting,
};
use crate::lesson_9::directory::fake::{alone, ask_as, players};

/// A state that ends each process that goes on with it would end one after the other.
#[tokio::test]
async fn a_match_that_gets_no_further_is_taken_over_three_times_and_then_set_aside()
-> anyhow::Result<()> {
    let (stack, directory) = alone().await?;
    let first = Server::ready(&directory, 1).await?;
    let player = players(1)[0];
    let party = directory.create_party(&named(player, "Ada")).await?;
    let ada = directory.allocate(&ask_as(&party.code, &[player])).await?;
    first.enter(&ada[0]).await?;
    let id = &ada[0].id;
    // At first it gets some seconds further each time, and then it does not.
    let mut last = first;
    let mut tick = 0;
    for round in 0..5 {
        tick += if round < 3 { 100 } else { 33 };
        last.play(id, tick);
        last.renew().await?;
        let next = Server::ready(&directory, 1).await?;
        lose(&stack, &last).await?;
        let taken = next.take_over(1).await?;
        ensure!(
            taken.len() == 1 && taken[0].epoch == round + 2,
            "{round}: {taken:?}"
        );
        last = next;
    }
    // Three times it was taken over at last, and never a hundred ticks after the time before.
    last.play(id, tick + 33);
    last.renew().await?;
    let next = Server::ready(&directory, 1).await?;
    lose(&stack, &last).await?;
    ensure!(next.take_over(1).await?.is_empty());
    ensure!(
        result(&stack, id).await?
            == format!(
                r#"{{"winner":null,"tick":{},"cancelled":"unrecoverable"}}"#,
                tick + 33
            )
    );
    let aside = redis::ask(&stack, "matches", &format!("HMGET aside:{id} bytes why")).await?;
    ensure!(aside.contains(&format!("{} {id}", last.id)), "{aside}");
    ensure!(aside.contains("got no further"), "{aside}");
    let lasts = redis::ask(&stack, "matches", &format!("TTL aside:{id}")).await?;
    let lasts: u32 = lasts.trim().trim_start_matches(':').parse()?;
    ensure!((86_300..=86_400).contains(&lasts), "{lasts}");
    // It is over, for its player, for the party, and for whoever believes to have it.
    ensure!(directory.seat_of(player).await?.is_none());
    let dissolved = directory.allocate(&ask_as(&party.code, &[player])).await;
    ensure!(dissolved == Err(AllocateError::PartyDissolved));
    ensure!(last.renew().await?.fenced == std::slice::from_ref(id));
    let told = directory.finish(&last.id, id, 6, "{}").await?;
    ensure!(told == Finished::Fenced, "{told:?}");
    Ok(())
}

/// To be handed over is nothing that speaks against a match.
#[tokio::test]
async fn a_match_may_be_handed_over_as_often_as_servers_are_replaced() -> anyhow::Result<()> {
    let (_stack, directory) = alone().await?;
    let mut server = Server::ready(&directory, 1).await?;
    let ada = sitting(&directory, &server).await?;
    for round in 0..8 {
        let next = Server::ready(&directory, 1).await?;
        server.drain().await?;
        let to = server.hand_over(&ada.id).await?;
        ensure!(to == HandedOver::To(next.id.clone()), "{round}: {to:?}");
        ensure!(next.take_over(0).await?.len() == 1);
        next.renew().await?;
        directory.withdraw(&server.id).await?;
        server = next;
    }
    let known = directory.seat_of(ada.player).await?.context("no seat")?;
    ensure!(known.server == server.id && known.taken, "{known:?}");
    ensure!(server.finish(&ada.id, "{}").await? == Finished::Recorded);
    Ok(())
}

#[tokio::test]
async fn what_a_server_cannot_read_it_gives_up_once() -> anyhow::Result<()> {
    let (stack, directory) = alone().await?;
    let lost = Server::ready(&directory, 1).await?;
    let ada = sitting(&directory, &lost).await?;
    lost.play(&ada.id, 40);
    lost.renew().await?;
    let other = Server::ready(&directory, 1).await?;
    lose(&stack, &lost).await?;
    ensure!(other.ask_for_matches(1).await?.len() == 1);
    // Whoever is not asked has no say.
    directory
        .give_up(&lost.id, &ada.id, 1, "I was asleep")
        .await?;
    directory
        .give_up(&other.id, &ada.id, 1, "an older epoch")
        .await?;
    ensure!(directory.seat_of(ada.player).await?.is_some());
    for _ in 0..2 {
        let why = "its last 7 bytes are missing";
        directory.give_up(&other.id, &ada.id, 2, why).await?;
    }
    let told = result(&stack, &ada.id).await?;
    ensure!(
        told == r#"{"winner":null,"tick":40,"cancelled":"unrecoverable"}"#,
        "{told}"
    );
    let aside = redis::ask(&stack, "matches", &format!("HGETALL aside:{}", ada.id)).await?;
    ensure!(aside.contains("7 bytes are missing"), "{aside}");
    ensure!(aside.contains(&lost.id.to_string()), "{aside}");
    ensure!(other.ask_for_matches(1).await?.is_empty());
    let again = seat(&directory, ada.player).await?;
    ensure!(again.id != ada.id && again.server == other.id);
    Ok(())
}

/// G26: a deploy that is taken back: the old build never gets what the new one has written.
#[tokio::test]
async fn a_build_takes_over_what_it_reads_and_nothing_else() -> anyhow::Result<()> {
    let (stack, directory) = alone().await?;
    let old = Server::of_version(&directory, 1, 1).await?;
    let ada = sitting(&directory, &old).await?;
    let new = Server::of_version(&directory, 1, 2).await?;
    old.drain().await?;
    ensure!(old.hand_over(&ada.id).await? == HandedOver::To(new.id.clone()));
    ensure!(new.take_over(1).await?.len() == 1);
    // What an old build has written stays so until the new one writes.
    let back = Server::of_version(&directory, 1, 1).await?;
    new.renew().await?;
    new.drain().await?;
    ensure!(new.hand_over(&ada.id).await? == HandedOver::Waiting);
    ensure!(back.take_over(1).await?.is_empty());
    let newer = Server::of_version(&directory, 1, 3).await?;
    ensure!(newer.take_over(1).await?.len() == 1);
    newer.renew().await?;
    lose(&stack, &newer).await?;
    let second = Server::of_version(&directory, 1, 2).await?;
    for server in [&back, &second] {
        ensure!(server.take_over(1).await?.is_empty());
    }
    let known = directory.seat_of(ada.player).await?.context("no seat")?;
    ensure!(known.is_moving, "{known:?}");
    let third = Server::of_version(&directory, 1, 3).await?;
    ensure!(third.take_over(1).await?.len() == 1);
    Ok(())
}
