//! Who gets a seat, and what becomes of the goat of who leaves.

use std::collections::BTreeSet;

use acceptance::{
    answer::refused,
    goat::{Goat, counter, status},
    player::HOST,
};
use anyhow::{Context, ensure};
use protocol::game::{ClientFrame, Role};
use serde_json::json;
use stack::Stack;

use super::{at_once, players};

#[tokio::test]
async fn the_eighth_gets_a_seat_and_the_ninth_is_refused_with_a_sentence() -> anyhow::Result<()> {
    let stack = Stack::builder().environment("GATHER", "60").start().await?;
    let mut goats = players(&stack, 8).await?;
    for (seat, goat) in goats.iter().enumerate() {
        ensure!(goat.seat()? == seat, "{:?} instead of {seat}", goat.seat());
    }
    // With all seats taken nobody is waited for any more.
    let started = goats[7].frame("started").await?;
    ensure!(started["seats"] == json!(vec!["player"; 8]), "{started}");

    let mut ninth = Goat::open(&stack).await?;
    let role = Role::Player;
    ninth.client().say(&ClientFrame::Enter { role }).await?;
    let error = ninth.frame("error").await?;
    ensure!(error["code"] == "full", "{error}");
    let told = error["error"].as_str().unwrap_or_default();
    ensure!(
        told.starts_with("all 8 seats of this match are taken"),
        "{error}"
    );
    ensure!(error["retry_after"].as_u64() > Some(0), "{error}");
    ensure!(ninth.closed().await? == 4006);
    ensure!(counter(&stack, "refused_full").await? == 1);

    // There is always room to watch, and a seat is free as soon as somebody has left.
    let mut watcher = Goat::enter(&stack, Role::Watcher).await?;
    ensure!(watcher.client().seat().is_none());
    watcher.snapshot().await?;
    drop(goats.remove(3));
    let seats = watcher.frame("seats").await?;
    ensure!(seats["seats"][3] == "bot", "{seats}");
    let next = Goat::enter(&stack, Role::Player).await?;
    ensure!(next.seat()? == 3);
    Ok(())
}

#[tokio::test]
async fn who_comes_alone_plays_with_bots_and_who_comes_later_takes_over_from_one()
-> anyhow::Result<()> {
    let stack = at_once().await?;
    let mut ada = Goat::enter(&stack, Role::Player).await?;
    let gathering = ada.frame("gathering").await?;
    ensure!(gathering["seats"][0] == "player" && gathering["seats"][1] == "free");
    let started = ada.frame("started").await?;
    ensure!(started["seats"][0] == "player" && started["seats"][1] == "bot");
    let mut bob = Goat::enter(&stack, Role::Player).await?;
    ensure!(bob.seat()? != 0);
    let started = bob.frame("started").await?;
    ensure!(started["match"] == gathering["match"], "{started}");
    ensure!(started["seats"][bob.seat()?] == "player", "{started}");
    let seats = ada.frame("seats").await?;
    ensure!(seats["seats"][bob.seat()?] == "player", "{seats}");
    let status = status(&stack).await?;
    ensure!(
        status["phase"] == "playing" && status["seats"] == seats["seats"],
        "{status}"
    );
    ensure!(
        status["server"] == "gameserver-1" && status["tick_rate"] == 20,
        "{status}"
    );
    Ok(())
}

#[tokio::test]
async fn the_goat_of_who_leaves_is_played_on_by_a_bot() -> anyhow::Result<()> {
    let stack = at_once().await?;
    let mut goats = players(&stack, 2).await?;
    let seat = goats[1].seat()?;
    let at_rest = goats[1].own().await?;
    let mut ada = goats.remove(0);
    drop(goats);
    let seats = ada.frame("seats").await?;
    ensure!(seats["seats"][seat] == "player", "{seats}");
    let seats = ada.frame("seats").await?;
    ensure!(seats["seats"][seat] == "bot", "{seats}");
    // It walks, and nobody has pressed a key.
    for _ in 0..100 {
        let goat = ada.snapshot().await?.state.goats[seat];
        if goat.facing != at_rest.facing || (goat.vx, goat.vy) != (0, 0) {
            return Ok(());
        }
    }
    anyhow::bail!("it stands where it was left")
}

#[tokio::test]
async fn when_all_have_left_the_server_rests_until_somebody_comes() -> anyhow::Result<()> {
    let stack = at_once().await?;
    let mut watcher = Goat::enter(&stack, Role::Watcher).await?;
    for number in [1, 2] {
        let mut ada = Goat::enter(&stack, Role::Player).await?;
        ada.snapshot().await?;
        drop(ada);
        let cancelled = watcher.frame("cancelled").await?;
        ensure!(
            cancelled["match"] == number && cancelled["code"] == "deserted",
            "{cancelled}"
        );
        let status = status(&stack).await?;
        ensure!(
            status["phase"] == "idle" && status["watchers"] == 1,
            "{status}"
        );
    }
    Ok(())
}

/// Whoever takes a seat keeps another from it, so no foreign page may do that in its visitors' names.
#[tokio::test]
async fn a_page_of_another_site_gets_no_socket() -> anyhow::Result<()> {
    let stack = Stack::builder().start().await?;
    let url = format!("http://{}/game/ws", stack.address());
    let upgrade = || {
        let request = stack.client().get(&url).header("host", HOST);
        request
            .header("connection", "Upgrade")
            .header("upgrade", "websocket")
            .header("sec-websocket-version", "13")
            .header("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==")
    };
    for (name, value) in [
        ("origin", "null"),
        ("origin", "http://evil.example"),
        ("origin", "http://webserver.localhost:1"),
        ("sec-fetch-site", "same-site"),
        ("sec-fetch-site", "cross-site"),
    ] {
        let told = refused(upgrade().header(name, value).send().await?, 403).await?;
        ensure!(told.contains("another site"), "{told}");
    }
    for (name, value) in [
        ("origin", "http://webserver.localhost"),
        ("sec-fetch-site", "same-origin"),
    ] {
        let answer = upgrade().header(name, value).send().await?;
        ensure!(answer.status() == 101, "{}", answer.status());
    }
    // Nor is every request to that path a socket.
    let told = refused(stack.get(HOST, "/game/ws").await?, 400).await?;
    ensure!(told.contains("WebSocket"), "{told}");
    let told = refused(stack.get(HOST, "/game/nothing").await?, 404).await?;
    ensure!(told.contains("/game/ws"), "{told}");
    Ok(())
}

#[tokio::test]
async fn there_is_room_for_a_number_of_sockets() -> anyhow::Result<()> {
    let builder = Stack::builder().environment("MAX_SOCKETS", "2");
    let stack = builder.start().await?;
    let _sockets = (
        Goat::enter(&stack, Role::Player).await?,
        Goat::enter(&stack, Role::Watcher).await?,
    );
    let third = Goat::open(&stack).await;
    let error = format!("{:#}", third.err().context("there was room for a third")?);
    ensure!(
        error.contains("503") && error.contains("no room"),
        "{error}"
    );
    Ok(())
}

/// The problem behind the problem: another server is another world.
#[tokio::test]
async fn on_two_game_servers_friends_do_not_meet() -> anyhow::Result<()> {
    let stack = Stack::builder().scale("gameserver", 2).start().await?;
    let mut goats = players(&stack, 2).await?;
    let mut servers = BTreeSet::new();
    for goat in &mut goats {
        ensure!(goat.seat()? == 0, "they met");
        let gathering = goat.frame("gathering").await?;
        ensure!(gathering["seats"][1] == "free", "{gathering}");
    }
    for _ in 0..2 {
        servers.insert(status(&stack).await?["server"].to_string());
    }
    ensure!(servers.len() == 2, "{servers:?}");
    Ok(())
}
