//! Whole matches, played by clients that are bots.

use std::time::Duration;

use acceptance::{
    goat::{Goat, address, counter},
    player::HOST,
};
use anyhow::{Context, ensure};
use bot::game::{GameClient, Played, play_match};
use protocol::game::Role;
use stack::Stack;
use tokio::{task::JoinSet, time::timeout};

/// Longer than a match takes at the most, at three times its pace.
const PLAYED_WITHIN: Duration = Duration::from_secs(60);

/// Plays or watches on one server until two matches have ended.
async fn two_matches(mut client: GameClient, seed: u32) -> anyhow::Result<[Played; 2]> {
    let mut next = async || {
        let played = timeout(PLAYED_WITHIN, play_match(&mut client, seed)).await;
        anyhow::Ok(played.context("a match did not end")??)
    };
    Ok([next().await?, next().await?])
}

#[tokio::test]
async fn eight_play_two_matches_to_a_result_and_all_have_seen_the_same() -> anyhow::Result<()> {
    let builder = Stack::builder().environment("TICK_RATE", "60");
    let stack = builder.environment("GATHER", "60").start().await?;
    let mut clients = JoinSet::new();
    let roles = [Role::Watcher, Role::Watcher].into_iter();
    for (seed, role) in roles.chain([Role::Player; 8]).enumerate() {
        let client = GameClient::enter(address(&stack)?, HOST, role).await?;
        clients.spawn(two_matches(client, u32::try_from(seed)?));
    }
    let all: Vec<[Played; 2]> = clients
        .join_all()
        .await
        .into_iter()
        .collect::<Result<_, _>>()?;
    for (index, number) in [(0, 1), (1, 2)] {
        let first = &all[0][index];
        ensure!(
            first.number == number && first.result["match"] == number,
            "{}",
            first.result
        );
        let (last, _) = first.hashes.last_key_value().context("no snapshot")?;
        ensure!(*last > 100, "it ended after {last} ticks");
        for played in &all {
            let played = &played[index];
            ensure!(
                played.result == first.result,
                "{} and {}",
                played.result,
                first.result
            );
            // All of it, from the beginning to the end: these clients kept up.
            ensure!(
                played.hashes == first.hashes,
                "match {number} was not the same for all"
            );
        }
    }
    ensure!(counter(&stack, "faults").await? == 0);
    ensure!(counter(&stack, "snapshots_withheld").await? == 0);
    Ok(())
}

/// G66: the rules go wrong in one match.
#[tokio::test]
async fn a_fault_in_a_match_is_told_to_its_players_and_the_next_one_begins() -> anyhow::Result<()> {
    let builder = Stack::builder().environment("GATHER", "0");
    let stack = builder.environment("PANIC_AT_TICK", "20").start().await?;
    let mut ada = Goat::enter(&stack, Role::Player).await?;
    let mut watcher = Goat::enter(&stack, Role::Watcher).await?;
    for told in [&mut ada, &mut watcher] {
        let cancelled = told.frame("cancelled").await?;
        let why = cancelled["why"].as_str().unwrap_or_default();
        ensure!(
            cancelled["match"] == 1 && why.contains("fault"),
            "{cancelled}"
        );
    }
    // Nobody has lost a seat by it.
    let started = loop {
        let started = ada.frame("started").await?;
        if started["match"] == 2 {
            break started;
        }
    };
    ensure!(started["seats"][ada.seat()?] == "player", "{started}");
    while ada.snapshot().await?.state.tick < 30 {}
    ensure!(
        ada.latest
            .as_ref()
            .is_some_and(|latest| latest.match_number == 2)
    );
    ensure!(counter(&stack, "faults").await? == 1);
    let log = stack
        .replicas_of("gameserver")
        .next()
        .context("no game server")?;
    let lines = log.log().lines();
    let told = lines
        .iter()
        .filter(|line| line.contains("by a fault of this server"));
    ensure!(told.count() == 1);
    Ok(())
}
