//! Who is here, over all replicas.

use std::time::Duration;

use acceptance::{player::Player, redis, socket::Socket};
use anyhow::{Context, ensure};
use stack::{Stack, until};

use super::addresses;

const PUBSUB: &str = "pubsub";

/// Twice a replica's lease of five seconds.
const FORGOTTEN_WITHIN: Duration = Duration::from_secs(10);

#[tokio::test]
async fn everybody_sees_who_is_here_wherever_they_are() -> anyhow::Result<()> {
    let stack = Stack::builder().scale("webserver", 3).start().await?;
    let replicas = addresses(&stack);
    let ada = Player::log_in(&replicas[0], "Ada").await?;
    let bob = Player::log_in(&replicas[0], "Bob").await?;
    let mut adas = Socket::open(&ada, &replicas[0]).await?;
    adas.sees(&["Ada"]).await?;
    let mut bobs = Socket::open(&bob, &replicas[1]).await?;
    for socket in [&mut adas, &mut bobs] {
        let count = socket.sees(&["Ada", "Bob"]).await?;
        ensure!(count == 2, "{count}");
    }
    // Whoever has two windows, on whichever replicas, is here once; and as long as one of them is open.
    let elsewhere = Socket::open(&bob, &replicas[2]).await?;
    let cem = Player::log_in(&replicas[0], "Cem").await?;
    let cems = Socket::open(&cem, &replicas[2]).await?;
    let count = adas.sees(&["Ada", "Bob", "Cem"]).await?;
    ensure!(count == 3, "{count}");
    drop(elsewhere);
    drop(cems);
    adas.sees(&["Ada", "Bob"]).await?;
    drop(bobs);
    adas.sees(&["Ada"]).await?;
    // Whoever comes is told at once, and not only of the next change.
    let mut again = Socket::open(&ada, &replicas[1]).await?;
    again.sees(&["Ada"]).await?;
    Ok(())
}

/// The list is told once, and from then on who comes and goes: what a change costs does not grow with the list.
#[tokio::test]
async fn two_of_a_name_are_both_here_and_changes_are_told_as_changes() -> anyhow::Result<()> {
    let stack = Stack::builder().scale("webserver", 2).start().await?;
    let replicas = addresses(&stack);
    let ada = Player::log_in(&replicas[0], "Ada").await?;
    let namesake = Player::log_in(&replicas[1], "Ada").await?;
    let mut adas = Socket::open(&ada, &replicas[0]).await?;
    adas.sees(&["Ada"]).await?;
    let mut namesakes = Socket::open(&namesake, &replicas[1]).await?;
    for socket in [&mut adas, &mut namesakes] {
        let count = socket.sees(&["Ada", "Ada"]).await?;
        ensure!(count == 2, "{count}");
    }
    let bob = Player::log_in(&replicas[1], "Bob").await?;
    let bobs = Socket::open(&bob, &replicas[1]).await?;
    adas.sees(&["Ada", "Ada", "Bob"]).await?;
    drop(bobs);
    adas.sees(&["Ada", "Ada"]).await?;
    let told = &adas.here().frames;
    ensure!(told[0]["type"] == "presence", "{told:?}");
    for changes in &told[1..] {
        ensure!(changes["type"] == "changes", "{told:?}");
        let entries = |key: &str| changes[key].as_array().map_or(0, Vec::len);
        ensure!(entries("came") + entries("left") == 1, "{told:?}");
    }
    Ok(())
}

/// A replica that is killed cannot count its players down. Its lease runs out.
#[tokio::test]
async fn the_players_of_a_killed_replica_are_off_the_list_before_long() -> anyhow::Result<()> {
    let mut stack = Stack::builder().scale("webserver", 2).start().await?;
    let replicas = addresses(&stack);
    let ada = Player::log_in(&replicas[0], "Ada").await?;
    let bob = Player::log_in(&replicas[0], "Bob").await?;
    let mut adas = Socket::open(&ada, &replicas[0]).await?;
    let mut bobs = Socket::open(&bob, &replicas[1]).await?;
    for socket in [&mut adas, &mut bobs] {
        socket.sees(&["Ada", "Bob"]).await?;
    }
    stack.take_replica(0)?.kill().await?;
    let gone = adas.closed().await;
    ensure!(gone.is_err(), "a killed replica said goodbye with {gone:?}");
    let seen = tokio::time::timeout(FORGOTTEN_WITHIN, bobs.sees(&["Bob"])).await;
    let count = seen.context("Ada is still on the list")??;
    ensure!(count == 1, "{count}");
    Ok(())
}

/// A full Redis takes no list, but leases are renewed all the same: nobody is off the list who is here.
#[tokio::test]
async fn a_full_redis_takes_nobody_off_the_list() -> anyhow::Result<()> {
    let stack = Stack::builder().scale("webserver", 2).start().await?;
    let replicas = addresses(&stack);
    let ada = Player::log_in(&replicas[0], "Ada").await?;
    let bob = Player::log_in(&replicas[0], "Bob").await?;
    let cem = Player::log_in(&replicas[0], "Cem").await?;
    let mut adas = Socket::open(&ada, &replicas[0]).await?;
    let bobs = Socket::open(&bob, &replicas[1]).await?;
    adas.sees(&["Ada", "Bob"]).await?;
    let limit = redis::ask(&stack, PUBSUB, "CONFIG GET maxmemory").await?;
    let limit = limit.lines().last().context("no limit")?.to_owned();
    redis::ask(&stack, PUBSUB, "CONFIG SET maxmemory 1").await?;
    // Longer than a lease lasts, which is what is tested.
    tokio::time::sleep(FORGOTTEN_WITHIN).await;
    // Whoever comes to a replica is told of its own players, and of those of the others as far as they are known.
    let mut cems = Socket::open(&cem, &replicas[0]).await?;
    cems.sees(&["Ada", "Bob", "Cem"]).await?;
    until("a line in the log", FORGOTTEN_WITHIN, async || {
        let log = stack.logs();
        let told = log.contains("does not take who is here");
        if told { Ok(()) } else { Err(log) }
    })
    .await?;
    redis::ask(&stack, PUBSUB, &format!("CONFIG SET maxmemory {limit}")).await?;
    drop(bobs);
    cems.sees(&["Ada", "Cem"]).await?;
    let mut again = Socket::open(&bob, &replicas[1]).await?;
    again.sees(&["Ada", "Bob", "Cem"]).await?;
    Ok(())
}
