//! Who gets a seat, and what becomes of the goat of who leaves.

use acceptance::{
    answer::refused,
    goat::{Goat, status, the_match},
    player::HOST,
};
use anyhow::{Context, ensure};
use serde_json::json;
use stack::Stack;

use super::{at_once, players};

#[tokio::test]
async fn eight_play_in_one_match_and_the_ninth_in_another() -> anyhow::Result<()> {
    let stack = Stack::builder().environment("GATHER", "60").start().await?;
    let mut goats = players(&stack, 8).await?;
    for (seat, goat) in goats.iter().enumerate() {
        ensure!(goat.seat()? == seat, "{:?} instead of {seat}", goat.seat());
    }
    // With all seats taken nobody is waited for any more.
    let started = goats[7].frame("started").await?;
    ensure!(started["seats"] == json!(vec!["player"; 8]), "{started}");
    let names = (1..=8).map(|number| format!("Goat {number}"));
    ensure!(
        started["names"] == json!(names.collect::<Vec<_>>()),
        "{started}"
    );
    let mut ninth = Goat::play(&stack, "Ivy").await?;
    let gathering = ninth.frame("gathering").await?;
    ensure!(
        gathering["match"] == 2 && gathering["names"][0] == "Ivy",
        "{gathering}"
    );

    // A seat is free as soon as somebody has left.
    drop(ninth);
    drop(goats.remove(3));
    let seats = goats[0].frame("seats").await?;
    ensure!(seats["seats"][3] == "bot", "{seats}");
    let next = Goat::play(&stack, "Joy").await?;
    ensure!(next.seat()? == 3);
    Ok(())
}

#[tokio::test]
async fn who_comes_alone_plays_with_bots_and_who_comes_later_takes_over_from_one()
-> anyhow::Result<()> {
    let stack = at_once().await?;
    let mut ada = Goat::play(&stack, "Ada").await?;
    let gathering = ada.frame("gathering").await?;
    ensure!(gathering["seats"][0] == "player" && gathering["seats"][1] == "free");
    let started = ada.frame("started").await?;
    ensure!(started["seats"][0] == "player" && started["seats"][1] == "bot");
    let mut bob = Goat::play(&stack, "Bob").await?;
    ensure!(bob.seat()? != 0);
    let started = bob.frame("started").await?;
    ensure!(started["match"] == gathering["match"], "{started}");
    ensure!(started["seats"][bob.seat()?] == "player", "{started}");
    let seats = ada.frame("seats").await?;
    ensure!(seats["names"][bob.seat()?] == "Bob", "{seats}");
    let only = the_match(&stack).await?;
    ensure!(
        only["phase"] == "playing" && only["seats"] == seats["seats"],
        "{only}"
    );
    let status = status(&stack).await?;
    ensure!(
        status["replica"] == "gameserver-1" && status["state"] == "ready",
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
async fn when_all_have_left_the_match_is_over_and_the_server_rests() -> anyhow::Result<()> {
    let stack = at_once().await?;
    for number in [1, 2] {
        let mut ada = Goat::play(&stack, "Ada").await?;
        let mut watcher = Goat::watch(&stack, "Bob").await?;
        ada.snapshot().await?;
        drop(ada);
        let cancelled = watcher.frame("cancelled").await?;
        ensure!(
            cancelled["match"] == number && cancelled["code"] == "deserted",
            "{cancelled}"
        );
        ensure!(the_match(&stack).await?["phase"] == "cancelled");
        ensure!(watcher.closed().await? == 4010);
        let status = status(&stack).await?;
        ensure!(status["matches"] == json!([]), "{status}");
    }
    Ok(())
}

/// Each socket takes the place of another, so no foreign page may do that in its visitors' names.
#[tokio::test]
async fn a_page_of_another_site_gets_no_socket() -> anyhow::Result<()> {
    let stack = Stack::builder().start().await?;
    let server = status(&stack).await?["server"].clone();
    let own = format!("/game/{}", server.as_str().context("no name")?);
    let url = format!("http://{}{own}/ws", stack.address());
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
    let told = refused(stack.get(HOST, &format!("{own}/ws")).await?, 400).await?;
    ensure!(told.contains("WebSocket"), "{told}");
    for gone in ["/game/ws", "/game/gs-0000000000/ws", &own] {
        let told = refused(stack.get(HOST, gone).await?, 410).await?;
        ensure!(told.contains("POST /api/play"), "{told}");
    }
    Ok(())
}

#[tokio::test]
async fn there_is_room_for_a_number_of_sockets() -> anyhow::Result<()> {
    let builder = Stack::builder().environment("MAX_SOCKETS", "2");
    let stack = builder.start().await?;
    let _sockets = (Goat::open(&stack).await?, Goat::open(&stack).await?);
    let third = Goat::open(&stack).await;
    let error = format!("{:#}", third.err().context("there was room for a third")?);
    ensure!(
        error.contains("503") && error.contains("no room"),
        "{error}"
    );
    Ok(())
}

/// The problem behind the problem of lesson 8: there, another server was another world.
#[tokio::test]
async fn on_two_game_servers_those_who_come_meet_in_one_match() -> anyhow::Result<()> {
    let stack = Stack::builder().scale("gameserver", 2).start().await?;
    let mut goats = players(&stack, 4).await?;
    for goat in &mut goats {
        let gathering = goat.frame("gathering").await?;
        ensure!(gathering["names"][0] == "Goat 1", "{gathering}");
    }
    Ok(())
}
