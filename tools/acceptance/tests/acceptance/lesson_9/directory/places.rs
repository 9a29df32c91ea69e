//! Which match and which server a group is led to.

use std::collections::BTreeSet;

use anyhow::{Context, ensure};
use matches::{AllocateError, JoinError, MAX_MEMBERS, Placement};
use protocol::PlayerId;

use super::{
    fake::{Fake, alone, ask, ask_as, held, players},
    named, sitting,
};

#[tokio::test]
async fn new_matches_go_to_the_fullest_server_or_to_the_emptiest() -> anyhow::Result<()> {
    let (_stack, directory) = alone().await?;
    for _ in 0..3 {
        Fake::ready(&directory, 2).await?;
    }
    let counts = async |placement, groups| {
        for _ in 0..groups {
            let mut group = ask(&players(8));
            group.placement = placement;
            directory.allocate(&group).await?;
        }
        let fleet = directory.fleet().await?;
        let mut counts: Vec<u32> = fleet.iter().map(|server| server.matches).collect();
        counts.sort_unstable();
        anyhow::Ok(counts)
    };
    ensure!(counts(Placement::Packed, 2).await? == [0, 0, 2]);
    ensure!(counts(Placement::Spread, 2).await? == [1, 1, 2]);
    ensure!(counts(Placement::Packed, 1).await? == [1, 2, 2]);
    ensure!(counts(Placement::Spread, 1).await? == [2, 2, 2]);
    Ok(())
}

#[tokio::test]
async fn an_open_match_is_filled_before_another_begins() -> anyhow::Result<()> {
    let (_stack, directory) = alone().await?;
    let server = Fake::ready(&directory, 5).await?;
    let five = directory.allocate(&ask(&players(5))).await?;
    let six = directory.allocate(&ask(&players(6))).await?;
    ensure!(five[0].id != six[0].id);
    // Two fit both, and are better where nothing is left over.
    let two = directory.allocate(&ask(&players(2))).await?;
    ensure!(two[0].id == six[0].id);
    let numbers: BTreeSet<u8> = six.iter().chain(&two).map(|seat| seat.seat).collect();
    ensure!(numbers == (0..8).collect());
    // Whoever is named twice is one player all the same.
    let ada = PlayerId::random();
    let once = directory.allocate(&ask(&[ada, ada])).await?;
    ensure!(once.len() == 1, "{once:?}");
    directory.leave(ada).await?;
    // Nobody is led into a match that takes nobody any more.
    server.enter(&five[0]).await?;
    server.close(&five[0].id);
    server.renew().await?;
    let one = directory.allocate(&ask(&players(1))).await?;
    ensure!(one[0].id != five[0].id, "{one:?}");
    let place = directory.watchable().await?.context("nothing is played")?;
    ensure!(place.id == five[0].id, "{place:?}");
    Ok(())
}

#[tokio::test]
async fn a_party_plays_in_one_match_and_those_who_come_later_too() -> anyhow::Result<()> {
    let (_stack, directory) = alone().await?;
    let server = Fake::ready(&directory, 5).await?;
    sitting(&directory, &server).await?;
    let all = players(9);
    let party = directory.create_party(&named(all[0], "Ada")).await?;
    ensure!(directory.create_party(&named(all[0], "Ada")).await? == party);
    for player in &all[1..MAX_MEMBERS] {
        directory
            .join_party(&party.code, &named(*player, "Bob"))
            .await?;
    }
    let ninth = directory
        .join_party(&party.code, &named(all[8], "Eve"))
        .await;
    ensure!(ninth == Err(JoinError::Full), "{ninth:?}");
    let party = directory
        .party_of(all[7])
        .await?
        .context("there is no party")?;
    let order: Vec<PlayerId> = party.members.iter().map(|member| member.player).collect();
    ensure!(order == all[..8], "{party:?}");
    ensure!(
        party.members[0].name == "Ada" && party.id.is_none(),
        "{party:?}"
    );

    let code = party.code;
    let three = directory.allocate(&ask_as(&code, &all[..3])).await?;
    for seat in &three {
        server.enter(seat).await?;
    }
    // Those who sit there go on sitting.
    let four = directory
        .allocate(&ask_as(&code, &[all[3], all[0], all[1]]))
        .await?;
    ensure!(four.iter().all(|seat| seat.id == three[0].id), "{four:?}");
    ensure!(
        four[1] == three[0] || four[1].nonce == three[0].nonce,
        "{four:?}"
    );
    server.renew().await?;
    ensure!(server.taken().contains(&held(&three[0])));
    let full = directory.allocate(&ask_as(&code, &all[..7])).await?;
    ensure!(full.iter().all(|seat| seat.id == three[0].id), "{full:?}");
    // A stranger has the last seat, and the eighth is told so.
    let eighth = directory.allocate(&ask_as(&code, &all[7..8])).await;
    ensure!(eighth == Err(AllocateError::PartyMatchFull), "{eighth:?}");
    // One who plays elsewhere must leave there first.
    let other = directory.create_party(&named(all[8], "Eve")).await?;
    let elsewhere = directory
        .allocate(&ask_as(&other.code, &[all[8], all[1]]))
        .await;
    ensure!(
        elsewhere == Err(AllocateError::Playing(all[1])),
        "{elsewhere:?}"
    );

    // Whoever joins another party has left this one, and the last to leave ends it.
    directory
        .join_party(&other.code, &named(all[7], "Bob"))
        .await?;
    let party = directory
        .party_of(all[0])
        .await?
        .context("there is no party")?;
    ensure!(party.members.len() == 7, "{party:?}");
    for player in &all[..8] {
        directory.leave_party(*player).await?;
        directory.leave_party(*player).await?;
        ensure!(directory.party_of(*player).await?.is_none());
    }
    let gone = directory.join_party(&code, &named(all[0], "Ada")).await;
    ensure!(gone == Err(JoinError::NoSuchParty), "{gone:?}");
    Ok(())
}
