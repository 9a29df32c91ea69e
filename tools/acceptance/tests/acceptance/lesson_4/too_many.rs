//! More logins than there is room for, or than one address may do.

use acceptance::{
    answer::{expect, header, refused, refused_as},
    player::Player,
    redis,
};
use anyhow::{Context, bail, ensure};
use serde_json::json;
use stack::{Stack, until};

use super::{RECOVERED_WITHIN, SESSIONS, addresses};

/// Redis refuses to write from now on: it has more than it may have.
async fn fill(stack: &Stack) -> anyhow::Result<()> {
    redis::ask(stack, SESSIONS, "CONFIG SET maxmemory 1").await?;
    Ok(())
}

#[tokio::test]
async fn a_full_store_costs_new_logins_only() -> anyhow::Result<()> {
    let mut stack = Stack::builder().scale("webserver", 2).start().await?;
    let replicas = addresses(&stack);
    let ada = Player::log_in(&replicas[0], "Ada").await?;
    ensure!(ada.known_as(&replicas[1]).await?.is_some());
    let keys = redis::ask(&stack, SESSIONS, "KEYS *").await?;
    let key = keys.lines().nth(2).context("no key")?.to_owned();
    fill(&stack).await?;
    for address in &replicas {
        // Twice, because it is logged once.
        for _ in 0..2 {
            let nobody = Player::nobody("")?;
            let told = nobody.try_log_in(address, "Bob").await?;
            ensure!(!told.headers().contains_key("set-cookie"));
            let told = refused_as(told, 503, "sessions_full").await?;
            ensure!(told.contains("full"), "{told}");
        }
        // Who wants another name keeps the one that is there.
        refused(ada.try_log_in(address, "Eve").await?, 503).await?;
        // A session that is used lives on, though its store takes nothing.
        redis::ask(&stack, SESSIONS, &format!("EXPIRE {key} 100")).await?;
        ensure!(ada.known_as(address).await?.as_deref() == Some("Ada"));
        let left = redis::ask(&stack, SESSIONS, &format!("TTL {key}")).await?;
        let left: u64 = left.trim_start_matches(':').trim().parse()?;
        ensure!(left > 1000, "it was not renewed: {left} s");
        expect(ada.get(address, "/health/ready").send().await?, 200).await?;
        expect(ada.try_say(address, "still here").await?, 201).await?;
    }
    redis::ask(&stack, SESSIONS, "CONFIG SET maxmemory 64mb").await?;
    for (number, address) in replicas.iter().enumerate() {
        until("room for a login", RECOVERED_WITHIN, async || {
            let bob = Player::log_in(address, "Bob").await;
            bob.map_err(|error| format!("{error:#}"))
        })
        .await?;
        let log = stack.replica(number)?.log().lines();
        let told = log.iter().filter(|line| line.contains("store is full"));
        ensure!(told.count() == 1, "{}", log.join("\n"));
    }
    Ok(())
}

/// A login from this address, as Traefik hands it on.
async fn log_in_from(forwarded: &str, address: &str) -> anyhow::Result<reqwest::Response> {
    let nobody = Player::nobody("")?;
    let login = nobody.post(address, "/api/login", &json!({ "name": "Ada" }));
    Ok(login.header("x-forwarded-for", forwarded).send().await?)
}

#[tokio::test]
async fn a_class_gets_in_at_once_and_a_flood_from_one_address_does_not() -> anyhow::Result<()> {
    let mut stack = Stack::builder()
        .environment("LOGIN_RATE", "1")
        .start()
        .await?;
    let address = stack.replica(0)?.address().to_owned();
    for _ in 0..40 {
        expect(log_in_from("10.0.0.1", &address).await?, 200).await?;
    }
    let mut flooded = log_in_from("10.0.0.1", &address).await?;
    for _ in 0..200 {
        if flooded.status() == 429 {
            break;
        }
        flooded = log_in_from("10.0.0.1", &address).await?;
    }
    ensure!(header(&flooded, "retry-after")?.parse::<u64>()? >= 1);
    ensure!(!flooded.headers().contains_key("set-cookie"));
    let told = refused_as(flooded, 429, "too_many_logins").await?;
    ensure!(told.contains("your address"), "{told}");
    // Somebody else is not held to that, and nobody is somebody else by saying so: the last entry is Traefik's.
    expect(log_in_from("10.0.0.2", &address).await?, 200).await?;
    held_back(&address, |number| format!("10.0.1.{number}, 10.0.0.1")).await?;
    // And what a browser says is thrown away by Traefik.
    held_back(&stack.address(), |number| format!("10.0.2.{number}")).await?;
    Ok(())
}

/// Makes sure that whoever claims another address for each login is held back all the same.
async fn held_back(address: &str, claim: impl Fn(u8) -> String) -> anyhow::Result<()> {
    for number in 0..=u8::MAX {
        if log_in_from(&claim(number), address).await?.status() == 429 {
            return Ok(());
        }
    }
    bail!("nobody is held back at {address}")
}
