//! The directory is repaired by the servers that it lists.

pub mod fake;
mod friends;
mod lost;
mod places;
mod walks;

use std::time::Duration;

use acceptance::redis;
use anyhow::{Context, ensure};
use matches::{
    AllocateError, Allocation, ClaimError, Directory, HOLD, JoinError, Member, ServerState,
    tickets::Claims,
};
use protocol::PlayerId;
use stack::until;

use fake::{Fake, alone, ask, ask_as, held, players};

/// One player's seat.
async fn seat(directory: &Directory, player: PlayerId) -> anyhow::Result<Allocation> {
    let seats = directory.allocate(&ask(&[player])).await?;
    seats.into_iter().next().context("nobody got a seat")
}

/// One player, who sits.
async fn sitting(directory: &Directory, server: &Fake) -> anyhow::Result<Allocation> {
    let seat = seat(directory, PlayerId::random()).await?;
    server.enter(&seat).await?;
    Ok(seat)
}

fn named(player: PlayerId, name: &str) -> Member {
    Member {
        player,
        name: name.to_owned(),
    }
}

#[tokio::test]
async fn a_ticket_is_used_once_and_where_it_is_for() -> anyhow::Result<()> {
    let (_stack, directory) = alone().await?;
    let server = Fake::ready(&directory, 1).await?;
    let seat = seat(&directory, PlayerId::random()).await?;
    let claims = Claims::to_play(&seat, "Ada");
    let claim = async |change: &dyn Fn(&mut Claims)| {
        let mut claims = claims.clone();
        change(&mut claims);
        directory.claim(&server.id, &claims).await
    };
    // Whatever differs from what was given opens nothing.
    for forged in [
        &(|claims: &mut Claims| claims.player = PlayerId::random()) as &dyn Fn(&mut Claims),
        &|claims| claims.nonce = matches::Nonce::random(),
        &|claims| claims.id = matches::MatchId::random(),
        &|claims| claims.seat = Some(7),
        &|claims| claims.seat = Some(200),
    ] {
        let refused = claim(forged).await;
        ensure!(
            matches!(refused, Err(ClaimError::Gone | ClaimError::Used)),
            "{refused:?}"
        );
    }
    let other = Fake::ready(&directory, 1).await?;
    let elsewhere = directory.claim(&other.id, &claims).await;
    ensure!(elsewhere == Err(ClaimError::AnotherServer), "{elsewhere:?}");
    ensure!(server.enter(&seat).await.is_ok());
    for _ in 0..2 {
        ensure!(claim(&|_| ()).await == Err(ClaimError::Used));
    }
    // Nor is it good again when its player has gone.
    server.part(&held(&seat)).await?;
    let again = claim(&|_| ()).await;
    ensure!(again.is_err(), "{again:?}");
    Ok(())
}

#[tokio::test]
async fn a_hold_that_runs_out_while_its_server_is_slow_is_told_and_the_seat_is_free()
-> anyhow::Result<()> {
    let (_stack, directory) = alone().await?;
    let server = Fake::ready(&directory, 1).await?;
    let _keeper = server.keep();
    let late = directory.allocate(&ask(&players(8))).await?;
    let all = players(8);
    // It is free as soon as the hold is over, and no sooner.
    let seats = until("the seats being free", HOLD * 2, async || {
        let asked = directory.allocate(&ask(&all)).await;
        asked.map_err(|error| error.to_string())
    })
    .await?;
    ensure!(seats[0].issued_at >= late[0].issued_at + HOLD.as_secs());
    for seat in &late {
        let told = server.enter(seat).await;
        ensure!(told == Err(ClaimError::Expired), "{told:?}");
    }
    for seat in &seats {
        server.enter(seat).await?;
    }
    Ok(())
}

#[tokio::test]
async fn whoever_asks_again_gets_the_same_seat() -> anyhow::Result<()> {
    let (_stack, directory) = alone().await?;
    let server = Fake::ready(&directory, 2).await?;
    let ada = PlayerId::random();
    let first = seat(&directory, ada).await?;
    let second = seat(&directory, ada).await?;
    ensure!(first.id == second.id && first.seat == second.seat);
    // Only the newer ticket is good.
    ensure!(server.enter(&first).await == Err(ClaimError::Used));
    server.enter(&second).await?;
    let third = seat(&directory, ada).await?;
    ensure!(third.id == first.id && third.seat == first.seat);
    let known = directory.seat_of(ada).await?.context("she has no seat")?;
    ensure!(known.taken, "{known:?}");
    // She sits until the newer ticket is used, and then as well.
    server.renew().await?;
    ensure!(server.taken() == [held(&second)]);
    server.enter(&third).await?;
    ensure!(server.renew().await?.evicted.is_empty());
    ensure!(server.taken() == [held(&third)]);
    // The page is loaded anew: its socket ends, and the ticket that it has asked for is good all the same.
    let fourth = seat(&directory, ada).await?;
    directory.release(&server.id, &held(&third), false).await?;
    server.enter(&fourth).await?;
    ensure!(server.taken() == [held(&fourth)]);
    Ok(())
}

#[tokio::test]
async fn whoever_leaves_or_has_no_lives_left_gets_another_match_at_once() -> anyhow::Result<()> {
    let (_stack, directory) = alone().await?;
    let server = Fake::ready(&directory, 5).await?;
    let bob = sitting(&directory, &server).await?;
    let ada = sitting(&directory, &server).await?;
    ensure!(ada.id == bob.id);
    directory.leave(ada.player).await?;
    ensure!(directory.seat_of(ada.player).await?.is_none());
    let other = seat(&directory, ada.player).await?;
    ensure!(other.id != ada.id, "she was put back");
    // Her old seat is free when the server has let her go, and Bob sits where he sat.
    let renewed = server.renew().await?;
    ensure!(renewed.evicted == [held(&ada)], "{renewed:?}");
    ensure!(server.taken() == [held(&bob)]);
    server.enter(&other).await?;
    server.lose(&held(&other)).await?;
    let third = seat(&directory, ada.player).await?;
    ensure!(third.id != other.id, "she was put back");
    // Nobody gets the seat of a goat that is out.
    for _ in 0..20 {
        let seat = sitting(&directory, &server).await?;
        ensure!((&seat.id, seat.seat) != (&other.id, other.seat), "{seat:?}");
    }
    // Leaving is nothing to whoever sits nowhere.
    directory.leave(PlayerId::random()).await?;
    Ok(())
}

#[tokio::test]
async fn a_match_is_over_once_and_its_party_with_it() -> anyhow::Result<()> {
    let (stack, directory) = alone().await?;
    let server = Fake::ready(&directory, 2).await?;
    let (ada, bob) = (PlayerId::random(), PlayerId::random());
    let party = directory.create_party(&named(ada, "Ada")).await?;
    directory
        .join_party(&party.code, &named(bob, "Bob"))
        .await?;
    let seats = directory
        .allocate(&ask_as(&party.code, &[ada, bob]))
        .await?;
    let id = seats[0].id.clone();
    for seat in &seats {
        server.enter(seat).await?;
    }
    let playing = directory
        .party_of(bob)
        .await?
        .context("there is no party")?;
    ensure!(playing.id.as_ref() == Some(&id), "{playing:?}");
    // A report that was on its way brings nothing back.
    let report = server.report(ServerState::Ready);
    server.finish(&id, "first").await?;
    server.finish(&id, "second").await?;
    directory.renew(&report, &[]).await?;
    ensure!(
        redis::ask(&stack, "matches", &format!("GET result:{id}"))
            .await?
            .contains("first")
    );
    ensure!(directory.party_of(ada).await?.is_none());
    let dead = directory.join_party(&party.code, &named(bob, "Bob")).await;
    ensure!(dead == Err(JoinError::NoSuchParty), "{dead:?}");
    let dead = directory.allocate(&ask_as(&party.code, &[ada])).await;
    ensure!(dead == Err(AllocateError::PartyDissolved), "{dead:?}");
    for seat in &seats {
        ensure!(directory.seat_of(seat.player).await?.is_none());
    }
    ensure!(directory.fleet().await?[0].matches == 0);
    Ok(())
}

#[tokio::test]
async fn a_redis_that_knows_no_script_is_told_them_again() -> anyhow::Result<()> {
    let (stack, directory) = alone().await?;
    let server = Fake::ready(&directory, 10).await?;
    for _ in 0..3 {
        redis::ask(&stack, "matches", "SCRIPT FLUSH").await?;
        let seat = sitting(&directory, &server).await?;
        redis::ask(&stack, "matches", "SCRIPT FLUSH").await?;
        server.renew().await?;
        redis::ask(&stack, "matches", "SCRIPT FLUSH").await?;
        server.part(&held(&seat)).await?;
    }
    let seat = sitting(&directory, &server).await?;
    // What was acknowledged is there after a restart, and after a kill.
    stack.server("matches")?.stop().await?;
    ensure!(!directory.answers().await);
    stack.server("matches")?.start().await?;
    until(
        "the directory answering",
        Duration::from_secs(5),
        async || {
            let answers = directory.answers().await;
            answers
                .then_some(())
                .ok_or_else(|| "it does not".to_owned())
        },
    )
    .await?;
    let known = directory.seat_of(seat.player).await?;
    ensure!(known.is_none_or(|known| known.id == seat.id));
    server.renew().await?;
    let known = directory
        .seat_of(seat.player)
        .await?
        .context("the seat is lost")?;
    ensure!(known.id == seat.id && known.taken, "{known:?}");
    sitting(&directory, &server).await?;
    Ok(())
}
