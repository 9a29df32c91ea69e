//! The party alone says who is in it, and what else says so is checked and written again.

use acceptance::redis;
use anyhow::{Context, ensure};
use matches::PartyCode;
use protocol::PlayerId;

use super::{
    fake::{Fake, alone, ask_as, players},
    named,
};

fn bare(code: &PartyCode) -> String {
    code.to_string().replace('-', "")
}

#[tokio::test]
async fn what_leads_to_a_party_may_be_lost_or_wrong() -> anyhow::Result<()> {
    let (stack, directory) = alone().await?;
    let (ada, bob) = (PlayerId::random(), PlayerId::random());
    let party = directory.create_party(&named(ada, "Ada")).await?;
    directory
        .join_party(&party.code, &named(bob, "Bob"))
        .await?;
    redis::ask(&stack, "matches", &format!("DEL partyof:{bob}")).await?;
    let known = directory
        .party_of(ada)
        .await?
        .context("there is no party")?;
    ensure!(
        directory.party_of(bob).await?.as_ref() == Some(&known),
        "Bob is lost"
    );
    redis::ask(&stack, "matches", &format!("SET partyof:{bob} ZZZZZZZZ")).await?;
    directory
        .join_party(&party.code, &named(bob, "Bob"))
        .await?;
    ensure!(
        directory.party_of(bob).await?.as_ref() == Some(&known),
        "Bob is lost"
    );
    redis::ask(
        &stack,
        "matches",
        &format!("DEL party:{}", bare(&party.code)),
    )
    .await?;
    for player in [ada, bob] {
        ensure!(directory.party_of(player).await?.is_none());
    }
    Ok(())
}

#[tokio::test]
async fn who_has_not_been_seen_for_long_is_dropped() -> anyhow::Result<()> {
    let (stack, directory) = alone().await?;
    let (ada, bob) = (PlayerId::random(), PlayerId::random());
    let party = directory.create_party(&named(ada, "Ada")).await?;
    directory
        .join_party(&party.code, &named(bob, "Bob the Goat"))
        .await?;
    let known = directory
        .party_of(ada)
        .await?
        .context("there is no party")?;
    ensure!(known.members[1].name == "Bob the Goat", "{known:?}");
    // As if he had been seen some years ago.
    let key = format!("party:{}", bare(&party.code));
    let seen = format!("HSET {key} member:{bob} \"2 1000000000000 Bob the Goat\"");
    redis::ask(&stack, "matches", &seen).await?;
    let known = directory
        .party_of(ada)
        .await?
        .context("there is no party")?;
    ensure!(known.members == [named(ada, "Ada")], "{known:?}");
    ensure!(directory.party_of(bob).await?.is_none());
    Ok(())
}

#[tokio::test]
async fn a_party_whose_server_is_gone_plays_again() -> anyhow::Result<()> {
    let (_stack, directory) = alone().await?;
    let all = players(3);
    let party = directory.create_party(&named(all[0], "Ada")).await?;
    for player in &all[1..] {
        directory
            .join_party(&party.code, &named(*player, "Bob"))
            .await?;
    }
    let first = Fake::ready(&directory, 1).await?;
    for seat in directory.allocate(&ask_as(&party.code, &all)).await? {
        first.enter(&seat).await?;
    }
    directory.withdraw(&first.id).await?;
    let known = directory
        .party_of(all[0])
        .await?
        .context("there is no party")?;
    ensure!(known.id.is_none() && known.members.len() == 3, "{known:?}");
    let second = Fake::ready(&directory, 1).await?;
    let seats = directory.allocate(&ask_as(&party.code, &all)).await?;
    ensure!(
        seats.iter().all(|seat| seat.server == second.id),
        "{seats:?}"
    );
    Ok(())
}
