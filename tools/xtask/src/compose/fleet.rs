//! The game servers in Docker Compose, and who asks for a seat on one of them.

use anyhow::Context;
use bot::lobby::Lobby;
use stack::{Compose, Container};

/// The host of the web servers and of the game.
pub const HOST: &str = "webserver.localhost";

/// Somebody who has logged in.
pub async fn log_in(compose: &Compose, name: &str) -> anyhow::Result<Lobby> {
    Ok(Lobby::log_in(&compose.address(), HOST, name).await?)
}

/// Three game servers, however many a check before has left.
pub async fn three(compose: &Compose) -> anyhow::Result<()> {
    compose.scale("gameserver", 3).await?;
    compose.settle().await
}

/// The container in which a game server is.
pub async fn container_of(compose: &Compose, server: &str) -> anyhow::Result<Container> {
    let path = format!("/game/{server}/");
    let status = super::checks::get(compose, HOST, &path).await?;
    let status: serde_json::Value = serde_json::from_str(&status)?;
    let replica = status["replica"].as_str();
    compose
        .container_of(replica.context("it names no replica")?)
        .await
}
