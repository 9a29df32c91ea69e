//! What must hold of the game in Docker Compose.

use std::{collections::BTreeSet, net::SocketAddr, time::Duration};

use anyhow::{Context, ensure};
use bot::{
    game::{GameClient, play_match},
    lobby::{Lobby, Ticketed},
};
use course::report::Done;
use stack::{Compose, until};
use tokio::task::JoinSet;

const HOST: &str = "webserver.localhost";

/// How long a directory believes that a killed server lives, and more.
const ELSEWHERE_WITHIN: Duration = Duration::from_secs(10);

async fn log_in(compose: &Compose, name: &str) -> anyhow::Result<Lobby> {
    Ok(Lobby::log_in(&compose.address(), HOST, name).await?)
}

async fn enter(address: SocketAddr, ticket: &Ticketed) -> anyhow::Result<GameClient> {
    Ok(GameClient::enter(address, HOST, ticket).await?)
}

/// Three game servers, however many a check before has left.
async fn three(compose: &Compose) -> anyhow::Result<()> {
    compose.scale("gameserver", 3).await?;
    compose.settle().await
}

pub async fn party(compose: &Compose) -> anyhow::Result<Done> {
    three(compose).await?;
    let address: SocketAddr = compose.address().parse()?;
    let mut members = Vec::new();
    for name in ["Ada", "Bob", "Cleo", "Dan"] {
        members.push(log_in(compose, name).await?);
    }
    let party = members[0].create_party().await?.party;
    let code = party.context("there is no party")?.code;
    for other in &members[1..] {
        other.join_party(&code).await?;
    }
    let mut matches = JoinSet::new();
    let mut places = BTreeSet::new();
    for (seed, member) in (1..).zip(&members) {
        let ticket = member.play(Some(&code)).await?;
        places.insert((ticket.server.clone(), ticket.match_id.clone()));
        let mut client = enter(address, &ticket).await?;
        matches.spawn(async move { play_match(&mut client, seed).await });
    }
    ensure!(places.len() == 1, "the party was split: {places:?}");
    let mut results = BTreeSet::new();
    let mut hashes = BTreeSet::new();
    while let Some(played) = matches.join_next().await {
        let played = played??;
        results.insert(played.result["winner"].to_string());
        hashes.extend(played.hashes);
    }
    ensure!(results.len() == 1, "there are several results: {results:?}");
    let ticks: BTreeSet<u32> = hashes.iter().map(|(tick, _)| *tick).collect();
    ensure!(ticks.len() == hashes.len(), "two saw different states");
    Ok(Done::Passed)
}

pub async fn kill(compose: &Compose) -> anyhow::Result<Done> {
    three(compose).await?;
    let address: SocketAddr = compose.address().parse()?;
    let player = log_in(compose, "Ada").await?;
    let ticket = player.play(None).await?;
    let mut client = enter(address, &ticket).await?;
    let server = container_of(compose, &ticket.server).await?;
    let container = compose.container_of(&server).await?;
    container.kill().await?;
    // Whatever it had to say, the socket ends.
    while client
        .event()
        .await
        .is_ok_and(|event| !matches!(event, bot::game::Event::Closed(_)))
    {}
    let elsewhere = until("a seat on another server", ELSEWHERE_WITHIN, async || {
        let ticket = player.play(None).await.map_err(|error| error.to_string())?;
        let entered = enter(address, &ticket).await;
        entered.map(|_| ticket).map_err(|error| error.to_string())
    })
    .await?;
    ensure!(elsewhere.server != ticket.server, "the server is dead");
    container.remove().await?;
    three(compose).await?;
    Ok(Done::Passed)
}

pub async fn resume(compose: &Compose) -> anyhow::Result<Done> {
    let address: SocketAddr = compose.address().parse()?;
    three(compose).await?;
    let player = log_in(compose, "Ada").await?;
    // What was broken before may not be whole yet.
    let ticket = until("a seat", ELSEWHERE_WITHIN, async || {
        player.play(None).await.map_err(|error| error.to_string())
    })
    .await?;
    let client = enter(address, &ticket).await?;
    let way_back = client.way_back().context("the welcome offers no token")?;
    // Nobody says goodbye.
    drop(client);
    let mut back = GameClient::open(address, HOST, &ticket.path, None).await?;
    back.say(&way_back).await?;
    back.welcome().await?;
    let again = player.play(None).await?;
    ensure!(
        (&again.match_id, again.seat) == (&ticket.match_id, ticket.seat),
        "a new ticket leads to another seat"
    );
    enter(address, &again).await?;
    player.leave().await?;
    Ok(Done::Passed)
}

/// The replica in which a game server is.
async fn container_of(compose: &Compose, server: &str) -> anyhow::Result<String> {
    let path = format!("/game/{server}/");
    let status = super::checks::get(compose, HOST, &path).await?;
    let status: serde_json::Value = serde_json::from_str(&status)?;
    let replica = status["replica"].as_str();
    Ok(replica.context("it names no replica")?.to_owned())
}
