//! What must hold of the game in Docker Compose.

use std::{collections::BTreeSet, net::SocketAddr, path::Path, time::Duration};

use anyhow::{Context, ensure};
use bot::{
    game::{GameClient, play_match},
    lobby::Ticketed,
};
use course::report::{Done, Report};
use stack::{Compose, until};
use tokio::task::JoinSet;

use super::{
    fleet::{HOST, container_of, log_in, three},
    moving,
};

/// How long a directory believes that a killed server lives, and more.
const ELSEWHERE_WITHIN: Duration = Duration::from_secs(10);

async fn enter(address: SocketAddr, ticket: &Ticketed) -> anyhow::Result<GameClient> {
    Ok(GameClient::enter(address, HOST, ticket).await?)
}

/// Tries all of it that the lesson has.
pub async fn check(report: &mut Report, compose: &Compose, dir: &Path) {
    let has = |file: &str| dir.join("crates/gameserver/src").join(file).is_file();
    let four = "four in a party play one match to its end, against four bots, on one of three game servers";
    report.wait_for(four, party(compose)).await;
    if has("seats/tokens.rs") {
        let loses = "whoever loses the connection comes back to the same seat, by a token and by a new ticket";
        report.wait_for(loses, resume(compose)).await;
    }
    if has("matches/possession.rs") {
        let killed = "a match whose game server was killed goes on on another one";
        report.wait_for(killed, moving::after_kill(compose)).await;
        let stopped = "a match whose game server was stopped goes on on another one, and no tick is played twice";
        report.wait_for(stopped, moving::after_stop(compose)).await;
        let replaced = "a rolling deploy of all game servers ends no match";
        report.wait_for(replaced, moving::roll(compose)).await;
    } else {
        let killed = "whoever played on a game server that was killed plays on another one";
        report.wait_for(killed, kill(compose)).await;
    }
}

async fn party(compose: &Compose) -> anyhow::Result<Done> {
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

async fn kill(compose: &Compose) -> anyhow::Result<Done> {
    three(compose).await?;
    let address: SocketAddr = compose.address().parse()?;
    let player = log_in(compose, "Ada").await?;
    let ticket = player.play(None).await?;
    let mut client = enter(address, &ticket).await?;
    let container = container_of(compose, &ticket.server).await?;
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

async fn resume(compose: &Compose) -> anyhow::Result<Done> {
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
