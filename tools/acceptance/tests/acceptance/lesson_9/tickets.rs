//! A ticket opens one seat, once, for a few seconds, on one server; and nobody can make or change one.

use std::time::{Duration, SystemTime};

use acceptance::goat::{Goat, directory, lobby};
use anyhow::{Context, ensure};
use bot::Ticketed;
use matches::{
    Allocation, Ask, Directory, Nonce, Placement,
    tickets::{Claims, Signer, kid_of, verify},
};
use protocol::PlayerId;
use stack::{Stack, until};

/// How long something may take that takes milliseconds.
const SOON: Duration = Duration::from_secs(10);

/// Shows a ticket at this path, where it is refused with this word, and gives the sentence.
async fn refused_at(stack: &Stack, path: &str, ticket: &str, code: &str) -> anyhow::Result<String> {
    let mut goat = Goat::open_at(stack, path).await?;
    goat.client().show(ticket).await?;
    let error = goat.frame("error").await?;
    ensure!(error["code"] == code, "{error} instead of {code}");
    ensure!(goat.closed().await? == 4008);
    let sentence = error["error"].as_str().context("no sentence")?;
    ensure!(sentence.len() > 20, "{error}");
    ensure!(ticket.len() < 20 || !sentence.contains(ticket), "{error}");
    Ok(sentence.to_owned())
}

async fn refused(stack: &Stack, ticket: &Ticketed, code: &str) -> anyhow::Result<String> {
    refused_at(stack, &ticket.path, &ticket.ticket, code).await
}

/// A ticket as the web server has made it, and what it says.
async fn read(stack: &Stack, ticket: &str) -> anyhow::Result<Claims> {
    let key = directory(stack)?.key(&kid_of(ticket)?).await?;
    let key = key.context("its key is not known")?;
    let server = stack_server(stack).await?.parse()?;
    Ok(verify(ticket, &key, &server, SystemTime::now())?)
}

/// The only game server's name.
async fn stack_server(stack: &Stack) -> anyhow::Result<String> {
    let status = acceptance::goat::status(stack).await?;
    Ok(status["server"].as_str().context("no name")?.to_owned())
}

/// A web server of our own: its key is published, and it has a seat to give.
async fn own_web_server(stack: &Stack) -> anyhow::Result<(Directory, Signer)> {
    let (directory, signer) = (directory(stack)?, Signer::generate()?);
    directory
        .publish_key(signer.kid(), &signer.public())
        .await?;
    Ok((directory, signer))
}

/// A seat for somebody who has never logged in.
async fn seat(directory: &Directory) -> anyhow::Result<Allocation> {
    let ask = Ask {
        players: vec![PlayerId::random()],
        party: None,
        placement: Placement::Packed,
    };
    let given = directory.allocate(&ask).await?;
    given.into_iter().next().context("no seat was given")
}

fn path(claims: &Claims) -> String {
    format!("/game/{}/ws", claims.server)
}

#[tokio::test]
async fn a_ticket_that_was_used_opens_no_second_socket() -> anyhow::Result<()> {
    let builder = Stack::builder().environment("GATHER", "60");
    let stack = builder.environment("GRACE", "1").start().await?;
    let ticket = lobby(&stack, "Ada").await?.play(None).await?;
    let mut ada = Goat::enter(&stack, &ticket).await?;
    ada.frame("gathering").await?;
    // Whoever has read it along, on whichever way.
    refused(&stack, &ticket, "ticket_used").await?;
    // The one who came first has not noticed.
    let _bob = Goat::play(&stack, "Bob").await?;
    let gathering = ada.frame("gathering").await?;
    ensure!(gathering["names"][0] == "Ada", "{gathering}");
    // Nor does it open anything after its player has left.
    drop(ada);
    until("her seat being free", SOON, async || {
        let told = acceptance::goat::the_match(&stack).await;
        let told = told.map_err(|error| format!("{error:#}"))?;
        (told["seats"][0] == "free")
            .then_some(())
            .ok_or_else(|| told.to_string())
    })
    .await?;
    refused(&stack, &ticket, "ticket_used").await?;
    Ok(())
}

/// Twenty sockets that show one ticket in the same moment.
#[tokio::test]
async fn of_many_who_show_one_ticket_at_once_one_gets_the_seat() -> anyhow::Result<()> {
    let stack = Stack::builder().environment("GATHER", "60").start().await?;
    let ticket = lobby(&stack, "Ada").await?.play(None).await?;
    let mut goats = Vec::new();
    for _ in 0..20 {
        goats.push(Goat::open_at(&stack, &ticket.path).await?);
    }
    for goat in &mut goats {
        goat.client().show(&ticket.ticket).await?;
    }
    let mut welcome = 0;
    for goat in &mut goats {
        if goat.frame("welcome").await.is_ok() {
            welcome += 1;
        } else {
            let error = goat.frame("error").await?;
            ensure!(error["code"] == "ticket_used", "{error}");
        }
    }
    ensure!(welcome == 1, "{welcome} have got it");
    Ok(())
}

#[tokio::test]
async fn a_ticket_that_was_changed_in_any_field_is_refused() -> anyhow::Result<()> {
    let stack = Stack::builder().environment("GATHER", "60").start().await?;
    let ticket = lobby(&stack, "Ada").await?.play(None).await?;
    let claims = read(&stack, &ticket.ticket).await?;
    let mut parts = ticket.ticket.split('.');
    let mut next = || parts.next().context("it has not three parts");
    let (header, payload, signature) = (next()?, next()?, next()?);
    // One who signs with a key that nobody knows, or under the name of another's.
    let mallory = Signer::generate()?;
    let with = |change: fn(&mut Claims)| {
        let mut changed = claims.clone();
        change(&mut changed);
        changed
    };
    let changed = [
        with(|claims| claims.player = PlayerId::random()),
        with(|claims| claims.name = "Mallory".to_owned()),
        with(|claims| claims.id = matches::MatchId::random()),
        with(|claims| claims.seat = Some(7)),
        with(|claims| claims.seat = None),
        with(|claims| claims.nonce = Nonce::random()),
        with(|claims| claims.issued_at += 1),
        with(|claims| claims.expires_at += 3_600),
    ];
    let mut forged = Vec::new();
    for claims in &changed {
        let signed = mallory.sign(claims)?;
        let mut parts = signed.split('.').skip(1);
        let (payload, own) = (parts.next(), parts.next());
        let (payload, own) = (payload.context("no claims")?, own.context("no name")?);
        forged.push(format!("{header}.{payload}.{signature}"));
        forged.push(format!("{header}.{payload}.{own}"));
        forged.push(signed.clone());
    }
    // "none" as the algorithm, and one whose key would be the public one.
    for other in [
        "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0",
        "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9",
    ] {
        forged.push(format!("{other}.{payload}.{signature}"));
        forged.push(format!("{other}.{payload}."));
    }
    let cut = &signature[..signature.len() - 2];
    forged.extend([
        String::new(),
        ".".to_owned(),
        "..".to_owned(),
        "🐐".repeat(100),
        format!("{header}.{payload}"),
        format!("{header}.{payload}."),
        format!("{header}.{payload}.{cut}"),
        format!("{header}.{payload}.{signature}.{signature}"),
        format!("{header}.{payload}.{signature}A"),
        format!(" {}", ticket.ticket),
    ]);
    for forged in &forged {
        refused_at(&stack, &ticket.path, forged, "bad_ticket").await?;
    }
    let counted = acceptance::goat::counter(&stack, "tickets_refused").await?;
    ensure!(counted == forged.len() as u64, "{counted}");
    // All of that has cost its owner nothing.
    let ada = Goat::enter(&stack, &ticket).await?;
    ensure!(ada.seat()? == 0);
    Ok(())
}

/// Even a web server's own key opens no seat that the directory has not given.
#[tokio::test]
async fn a_ticket_for_a_seat_that_was_not_given_is_refused() -> anyhow::Result<()> {
    let stack = Stack::builder().environment("GATHER", "60").start().await?;
    let (directory, signer) = own_web_server(&stack).await?;
    let given = seat(&directory).await?;
    let good = Claims::to_play(&given, "Ada");
    let with = |change: fn(&mut Claims)| {
        let mut changed = good.clone();
        change(&mut changed);
        changed
    };
    // Somebody else's, another one's, one that no match has, and another match's.
    for bad in [
        with(|claims| claims.player = PlayerId::random()),
        with(|claims| claims.seat = Some(1)),
        with(|claims| claims.seat = Some(8)),
        with(|claims| claims.id = matches::MatchId::random()),
    ] {
        refused_at(&stack, &path(&bad), &signer.sign(&bad)?, "seat_lost").await?;
    }
    let older = with(|claims| claims.nonce = Nonce::random());
    refused_at(&stack, &path(&older), &signer.sign(&older)?, "ticket_used").await?;
    let over = Claims {
        seat: None,
        id: matches::MatchId::random(),
        ..good.clone()
    };
    refused_at(&stack, &path(&over), &signer.sign(&over)?, "match_over").await?;
    let mut goat = Goat::open_at(&stack, &path(&good)).await?;
    goat.client().show(&signer.sign(&good)?).await?;
    goat.frame("welcome").await?;
    // Nothing of it has left a match behind.
    acceptance::goat::the_match(&stack).await?;
    Ok(())
}

/// G31: two clocks judge a short life.
#[tokio::test]
async fn clocks_that_differ_by_five_seconds_do_no_harm_and_by_twenty_are_named()
-> anyhow::Result<()> {
    let stack = Stack::builder().environment("GATHER", "60").start().await?;
    let (directory, signer) = own_web_server(&stack).await?;
    // As if this game server's clock were behind, or ahead.
    for (seconds, code) in [(5, ""), (-5, ""), (20, "clock"), (-20, "clock")] {
        let given = seat(&directory).await?;
        let mut claims = Claims::to_play(&given, "Ada");
        let moved = |time: u64| time.checked_add_signed(seconds).context("no time");
        claims.issued_at = moved(claims.issued_at)?;
        claims.expires_at = moved(claims.expires_at)?;
        let ticket = signer.sign(&claims)?;
        if code.is_empty() {
            let mut goat = Goat::open_at(&stack, &path(&claims)).await?;
            goat.client().show(&ticket).await?;
            let welcome = goat.frame("welcome").await;
            welcome.with_context(|| format!("{seconds} s"))?;
        } else {
            let told = refused_at(&stack, &path(&claims), &ticket, code).await?;
            ensure!(told.contains("clock") && told.contains(" s "), "{told}");
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_ticket_is_good_on_one_server_only() -> anyhow::Result<()> {
    let stack = Stack::builder().scale("gameserver", 2).start().await?;
    let ticket = lobby(&stack, "Ada").await?.play(None).await?;
    let fleet = lobby(&stack, "Bob").await?.fleet().await?;
    let servers = fleet["servers"].as_array().context("no servers")?;
    let mut ids = servers
        .iter()
        .filter_map(|server| server["server"].as_str());
    let other = ids.find(|id| *id != ticket.server).context("no other")?;
    let path = format!("/game/{other}/ws");
    refused_at(&stack, &path, &ticket.ticket, "another_server").await?;
    // And one that says so, for a match that is not there.
    let (_, signer) = own_web_server(&stack).await?;
    let key = directory(&stack)?.key(&kid_of(&ticket.ticket)?).await?;
    let server = ticket.server.parse()?;
    let claims = verify(
        &ticket.ticket,
        &key.context("no key")?,
        &server,
        SystemTime::now(),
    )?;
    let moved = Claims {
        server: other.parse()?,
        ..claims
    };
    refused_at(&stack, &path, &signer.sign(&moved)?, "another_server").await?;
    Goat::enter(&stack, &ticket).await?;
    Ok(())
}

/// A reservation does not expire while the directory is slow: what was given is still there when it is back.
#[tokio::test]
async fn while_the_directory_is_away_nobody_is_let_in_and_then_the_same_ticket_does()
-> anyhow::Result<()> {
    let stack = Stack::builder().environment("GATHER", "0").start().await?;
    let mut ada = Goat::play(&stack, "Ada").await?;
    let ticket = lobby(&stack, "Bob").await?.play(None).await?;
    let redis = stack.server("matches")?;
    redis.kill().await?;
    let mut bob = Goat::open_at(&stack, &ticket.path).await?;
    bob.client().show(&ticket.ticket).await?;
    let error = bob.frame("error").await?;
    ensure!(
        error["code"] == "directory_away" && error["retry_after"] == 1,
        "{error}"
    );
    ensure!(bob.closed().await? == 4008);
    // Who plays plays on, as long as the lease runs.
    let before = ada.snapshot().await?.state.tick;
    while ada.snapshot().await?.state.tick < before + 5 {}
    redis.start().await?;
    until("the ticket being accepted", SOON, async || {
        let bob = Goat::enter(&stack, &ticket).await;
        bob.map(drop).map_err(|error| format!("{error:#}"))
    })
    .await
}
