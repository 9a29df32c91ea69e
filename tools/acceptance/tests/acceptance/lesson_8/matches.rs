//! Whole matches, played by clients that are bots.

use std::time::Duration;

use acceptance::{
    goat::{Goat, address, counter, lobby},
    player::HOST,
};
use anyhow::{Context, ensure};
use bot::{
    Lobby,
    game::{GameClient, Played, play_match},
};
use stack::Stack;
use tokio::{task::JoinSet, time::timeout};

/// Longer than a match takes at the most, at three times its pace.
const PLAYED_WITHIN: Duration = Duration::from_secs(60);

/// Plays or watches the match of one client to its end.
async fn one_match(mut client: GameClient, seed: u32) -> anyhow::Result<Played> {
    let played = timeout(PLAYED_WITHIN, play_match(&mut client, seed)).await;
    Ok(played.context("a match did not end")??)
}

/// What all eight have seen, and one who watches.
async fn all_play(stack: &Stack, lobbies: &[Lobby]) -> anyhow::Result<Vec<Played>> {
    let mut clients = JoinSet::new();
    for (seed, lobby) in (0..).zip(lobbies) {
        let ticket = lobby.play(None).await?;
        let client = GameClient::enter(address(stack)?, HOST, &ticket).await?;
        clients.spawn(one_match(client, seed));
        if seed == 0 {
            // Before the last of them comes, and the match begins.
            let ticket = self::lobby(stack, "Eve").await?.watch().await?;
            let client = GameClient::enter(address(stack)?, HOST, &ticket).await?;
            clients.spawn(one_match(client, seed));
        }
    }
    clients.join_all().await.into_iter().collect()
}

#[tokio::test]
async fn eight_play_two_matches_to_a_result_and_all_have_seen_the_same() -> anyhow::Result<()> {
    let builder = Stack::builder().environment("TICK_RATE", "60");
    let stack = builder.environment("GATHER", "60").start().await?;
    let mut lobbies = Vec::new();
    for number in 1..=8 {
        lobbies.push(lobby(&stack, &format!("Goat {number}")).await?);
    }
    let mut ids = Vec::new();
    for number in [1, 2] {
        // The second time at once after the first one was over.
        let all = all_play(&stack, &lobbies).await?;
        let first = &all[0];
        ensure!(first.result["type"] == "result", "{}", first.result);
        ensure!(first.result["match"] == number, "{}", first.result);
        let (last, _) = first.hashes.last_key_value().context("no snapshot")?;
        ensure!(*last > 100, "it ended after {last} ticks");
        for played in &all {
            ensure!(played.id == first.id, "they were not in one match");
            let result = &played.result;
            ensure!(*result == first.result, "{result} and {}", first.result);
            // All of it, from the beginning to the end: these clients kept up.
            ensure!(
                played.hashes == first.hashes,
                "match {number} was not the same for all"
            );
        }
        ids.push(first.id.clone());
    }
    ensure!(ids[0] != ids[1], "the second match is the first one");
    ensure!(counter(&stack, "faults").await? == 0);
    ensure!(counter(&stack, "snapshots_withheld").await? == 0);
    Ok(())
}

/// G66: the rules go wrong in one match.
#[tokio::test]
async fn a_fault_in_a_match_is_told_to_its_players_and_the_others_tick_on() -> anyhow::Result<()> {
    let builder = Stack::builder().environment("GATHER", "0");
    let builder = builder.environment("SEATS", "2");
    let stack = builder.environment("PANIC_AT_TICK", "40").start().await?;
    let mut goats = super::players(&stack, 3).await?;
    // Two fill the first match, so this one is in another.
    let mut cyd = goats.remove(2);
    for told in &mut goats {
        let cancelled = told.frame("cancelled").await?;
        let why = cancelled["why"].as_str().unwrap_or_default();
        ensure!(
            cancelled["match"] == 1 && why.contains("fault"),
            "{cancelled}"
        );
    }
    let started = cyd.frame("started").await?;
    ensure!(started["match"] == 2, "{started}");
    let before = cyd.snapshot().await?.state.tick;
    while cyd.snapshot().await?.state.tick < before + 40 {}
    // Its players get other seats at once.
    let mut next = Goat::play(&stack, "Ada").await?;
    ensure!(next.frame("started").await?["match"] != 1);
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
