//! After a scenario whose numbers are known, the numbers that are told are these.

use std::time::Duration;

use acceptance::{
    answer::expect,
    goat::{Goat, counter, lobby},
    player::Player,
    scrape::{comes_to, scrape},
    socket::Socket,
};
use anyhow::ensure;
use futures_util::future::try_join_all;
use nix::sys::signal::Signal;
use stack::{Stack, until};

/// So many requests, of which so many fail: 5%.
const REQUESTS: usize = 200;
const FAIL: usize = 10;

/// How far the share may be from what it was.
const EXACT: f64 = 0.1;

/// Of 5% that fail, 5% are told, and nothing else is.
#[tokio::test]
async fn of_requests_that_fail_the_share_is_right() -> anyhow::Result<()> {
    let stack = Stack::builder().scale("webserver", 2).start().await?;
    let ada = Player::log_in(&stack.address(), "Ada").await?;
    let before = scrape(&stack, "webserver").await?;
    let ask = async |status| {
        let answer = ada.get(&stack.address(), "/api/me").send().await?;
        expect(answer, status).await.map(drop)
    };
    for _ in 0..REQUESTS - FAIL {
        ask(200).await?;
    }
    let sessions = stack.server("sessions")?;
    sessions.signal(Signal::SIGSTOP)?;
    let failed = try_join_all((0..FAIL).map(|_| ask(503))).await;
    sessions.signal(Signal::SIGCONT)?;
    failed?;
    let after = scrape(&stack, "webserver").await?;
    let count = |labels: &[&str]| {
        let name = "http_requests_total";
        after.sum(name, labels) - before.sum(name, labels)
    };
    let (all, failed) = (count(&[]), count(&[r#"status="5xx""#]));
    let share = failed / all;
    println!("{failed} of {all} requests failed: {share}");
    let expected = FAIL as f64 / REQUESTS as f64;
    ensure!((share - expected).abs() <= EXACT * expected, "{share}");
    let me = [r#"method="GET""#, r#"route="/api/me""#];
    ensure!(count(&me) == REQUESTS as f64, "{}", count(&me));
    // Those that failed were given up after a good half second, and the others took a few milliseconds.
    let slow = [&me[..], &[r#"le="0.5""#]].concat();
    let name = "http_request_duration_seconds_bucket";
    let quick = after.sum(name, &slow) - before.sum(name, &slow);
    ensure!(quick == (REQUESTS - FAIL) as f64, "{quick} were quick");
    ensure!(after.get(r#"redis_failures_total{store="sessions"}"#)? >= FAIL as f64);
    ensure!(after.get("http_requests_in_flight")? == 0.0);
    Ok(())
}

/// Each message is published once, and delivered once to each socket of both replicas.
#[tokio::test]
async fn messages_and_sockets_are_counted_to_the_last_one() -> anyhow::Result<()> {
    let stack = Stack::builder().scale("webserver", 2).start().await?;
    let ada = Player::log_in(&stack.address(), "Ada").await?;
    let mut sockets = Vec::new();
    for _ in 0..5 {
        sockets.push(Socket::open(&ada, &stack.address()).await?);
    }
    for socket in &mut sockets {
        socket.sees(&["Ada"]).await?;
    }
    let web = "webserver";
    comes_to(&stack, web, r#"sockets_open{channel="chat"}"#, 5.0).await?;
    for number in 0..4 {
        sockets[0].say(&format!("over a socket {number}")).await?;
    }
    ada.say(&stack.address(), "over HTTP").await?;
    for socket in &mut sockets {
        socket.messages_up_to("over HTTP").await?;
    }
    let outcome = |outcome| format!(r#"messages_published_total{{outcome="{outcome}"}}"#);
    comes_to(&stack, web, &outcome("accepted"), 5.0).await?;
    comes_to(&stack, web, "messages_delivered_total", 25.0).await?;
    // Once for each message and replica.
    comes_to(&stack, web, "message_fanout_seconds_count", 10.0).await?;
    let told = scrape(&stack, web).await?;
    ensure!(told.get(r#"message_fanout_seconds_bucket{le="1.0"}"#)? == 10.0);
    ensure!(told.get(r#"redis_request_seconds_count{store="pubsub"}"#)? == 5.0);

    // The same again under its key is no other message, and what is no text is refused.
    let addresses = [stack.address()];
    for _ in 0..2 {
        ada.say_once(&addresses, "one-key", "said once").await?;
    }
    expect(ada.try_say(&stack.address(), "").await?, 422).await?;
    comes_to(&stack, web, &outcome("accepted"), 6.0).await?;
    comes_to(&stack, web, &outcome("refused"), 1.0).await?;
    comes_to(&stack, web, &outcome("failed"), 0.0).await?;

    drop(sockets);
    comes_to(&stack, web, r#"sockets_open{channel="chat"}"#, 0.0).await?;
    let closed = |reason| format!(r#"sockets_closed_total{{channel="chat",reason="{reason}"}}"#);
    comes_to(&stack, web, &closed("gone"), 5.0).await?;
    comes_to(&stack, web, r#"sockets_opened_total{channel="chat"}"#, 5.0).await?;
    let login = |outcome| format!(r#"logins_total{{outcome="{outcome}"}}"#);
    comes_to(&stack, web, &login("accepted"), 1.0).await?;
    let refused = ada.try_log_in(&stack.address(), "system").await?;
    expect(refused, 422).await?;
    comes_to(&stack, web, &login("refused"), 1.0).await
}

/// One player has a match for themselves, with bots, and leaves it.
#[tokio::test]
async fn a_match_and_its_ticks_are_counted() -> anyhow::Result<()> {
    let builder = Stack::builder().environment("GATHER", "0");
    let stack = builder.environment("CAPACITY", "3").start().await?;
    let game = "gameserver";
    comes_to(&stack, game, "match_capacity", 3.0).await?;
    comes_to(&stack, game, "match_seats_free", 24.0).await?;
    let lobby = lobby(&stack, "Ada").await?;
    let ticket = lobby.play(None).await?;
    let mut goat = Goat::enter(&stack, &ticket).await?;
    while goat.snapshot().await?.state.tick < 40 {}
    let told = scrape(&stack, game).await?;
    let ticks = told.get("ticks_total")?;
    ensure!(ticks >= 40.0, "{ticks} ticks");
    ensure!(told.get("tick_duration_seconds_count")? == ticks);
    let in_time = told.get(r#"tick_duration_seconds_bucket{le="0.05"}"#)?;
    println!(
        "{in_time} of {ticks} ticks took less than 50 ms; {} came late",
        told.get("ticks_late_total")?
    );
    ensure!(in_time >= 0.95 * ticks);
    ensure!(told.get(r#"matches{phase="playing"}"#)? == 1.0);
    ensure!(told.get("match_players")? == 1.0);
    ensure!(told.get("match_seats_free")? == 23.0);
    ensure!(told.get("matches_started_total")? == 1.0);
    ensure!(told.get(r#"sockets_open{channel="game"}"#)? == 1.0);
    ensure!(told.get(r#"tickets_total{outcome="accepted"}"#)? == 1.0);

    let web = scrape(&stack, "webserver").await?;
    ensure!(web.get(r#"play_requests_total{outcome="seated"}"#)? == 1.0);
    ensure!(web.get("play_wait_seconds_count")? == 1.0);
    ensure!(web.get(r#"play_wait_seconds_bucket{le="0.1"}"#)? == 1.0);
    // Whoever has a seat and asks again has not waited for one.
    lobby.play(None).await?;
    let web = scrape(&stack, "webserver").await?;
    ensure!(web.get(r#"play_requests_total{outcome="seated"}"#)? == 2.0);
    ensure!(web.get("play_wait_seconds_count")? == 1.0);

    lobby.leave().await?;
    comes_to(
        &stack,
        game,
        r#"matches_ended_total{outcome="deserted"}"#,
        1.0,
    )
    .await?;
    comes_to(&stack, game, r#"matches{phase="playing"}"#, 0.0).await?;
    let told = scrape(&stack, game).await?;
    let status = counter(&stack, "ticks").await? as f64;
    ensure!(told.get("ticks_total")? == status);
    Ok(())
}

/// Who comes when all seats are taken waits, and the wait is told when there is a seat.
#[tokio::test]
async fn the_wait_for_a_seat_is_counted_from_the_first_request_on() -> anyhow::Result<()> {
    let stack = Stack::builder()
        .environment("GATHER", "0")
        .environment("CAPACITY", "1")
        .environment("SEATS", "2")
        .scale("webserver", 2)
        .start()
        .await?;
    let ada = lobby(&stack, "Ada").await?;
    let ticket = ada.play(None).await?;
    let goat = Goat::enter(&stack, &ticket).await?;
    let _cid = Goat::play(&stack, "Cid").await?;
    let bob = lobby(&stack, "Bob").await?;
    // Each second another replica is asked.
    let begun = std::time::Instant::now();
    while begun.elapsed() < Duration::from_secs(3) {
        ensure!(bob.play(None).await.is_err(), "there was a seat");
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    ada.leave().await?;
    drop(goat);
    until("a seat for Bob", Duration::from_secs(20), async || {
        let seated = bob.play(None).await;
        seated.map(drop).map_err(|error| error.to_string())
    })
    .await?;
    let waited = begun.elapsed().as_secs_f64();
    let web = scrape(&stack, "webserver").await?;
    ensure!(web.get("play_wait_seconds_count")? == 3.0);
    let told = web.get("play_wait_seconds_sum")?;
    println!("Bob waited for {waited} s, and {told} s are told");
    ensure!(
        told <= waited + 0.5 && told >= 3.0,
        "{told} instead of {waited}"
    );
    ensure!(web.get(r#"play_requests_total{outcome="waiting"}"#)? >= 3.0);
    Ok(())
}
