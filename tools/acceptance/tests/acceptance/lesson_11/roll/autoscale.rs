//! As many game servers as the matches need, and one that is free.

use std::time::Duration;

use acceptance::{
    goat::{address, lobby},
    player::HOST,
};
use anyhow::{Context, ensure};
use bot::{Lobby, Ticketed, game::GameClient};
use serde_json::Value;
use stack::{AutoscaleOptions, Autoscaler, Console, Stack, until};
use tokio::{
    select,
    time::{Instant, sleep},
};

/// What takes some seconds may take so long on a machine that is busy.
const SOON: Duration = Duration::from_secs(40);

/// A server is stopped after half a minute without a match.
const LATER: Duration = Duration::from_secs(90);

/// Waits until the fleet has so many servers that take matches, and gives all of them.
async fn ready(lobby: &Lobby, count: usize, limit: Duration) -> anyhow::Result<Vec<Value>> {
    until(&format!("{count} game servers"), limit, async || {
        sleep(Duration::from_millis(200)).await;
        let fleet = lobby.fleet().await.map_err(|error| error.to_string())?;
        let mut servers = fleet["servers"].as_array().cloned().unwrap_or_default();
        servers.retain(|one| one["state"] == "ready" || one["state"] == "allocated");
        if servers.len() == count {
            Ok(servers)
        } else {
            Err(fleet.to_string())
        }
    })
    .await
}

/// Asks until there is room.
async fn seat(lobby: &Lobby) -> anyhow::Result<Ticketed> {
    until("room for a match", SOON, async || {
        sleep(Duration::from_millis(250)).await;
        lobby.play(None).await.map_err(|error| error.to_string())
    })
    .await
}

#[tokio::test]
async fn a_server_comes_for_each_match_and_goes_after_it_and_none_that_is_played_on()
-> anyhow::Result<()> {
    // One match a server, for two players.
    let builder = Stack::builder().environment("CAPACITY", "1");
    let builder = builder.environment("SEATS", "2");
    let builder = builder.environment("GATHER", "0");
    let mut stack = builder.environment("TICK_RATE", "10").start().await?;
    let (ada, bob) = (lobby(&stack, "Ada").await?, lobby(&stack, "Bob").await?);
    let cyd = lobby(&stack, "Cyd").await?;
    let address = address(&stack)?;
    let options = AutoscaleOptions {
        autoscale: true,
        buffer: None,
    };
    let mut autoscaler = Autoscaler::new(&options, &stack.address(), &Console::default())?;
    let story = async {
        let ticket = seat(&ada).await?;
        let mut client = GameClient::enter(address, HOST, &ticket).await?;
        let with_her = seat(&cyd).await?;
        let _client = GameClient::enter(address, HOST, &with_her).await?;
        ensure!(with_her.match_id == ticket.match_id, "it is another match");
        ready(&ada, 2, SOON).await?;
        // He has a seat at once, on the server that is free, and another one comes.
        let asked = Instant::now();
        let other = bob.play(None).await?;
        ensure!(other.server != ticket.server, "there was no other server");
        println!("his seat took {:?}", asked.elapsed());
        ready(&ada, 3, SOON).await?;
        // He never comes, so his match is none, and one server too many is free. Hers goes on.
        bob.leave().await?;
        let left = ready(&ada, 2, LATER).await?;
        let hers = left.iter().find(|one| one["server"] == ticket.server);
        let hers = hers.context("her server was stopped")?;
        ensure!(hers["matches"] == 1, "{hers}");
        client.event().await?;
        Ok(())
    };
    select! {
        told = story => told,
        () = stack.autoscale(&mut autoscaler) => Ok(()),
    }
}
