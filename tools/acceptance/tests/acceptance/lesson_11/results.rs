//! How a match has ended is told to whoever was away: by every web server, and for as long as anybody may ask.

use std::time::Duration;

use acceptance::{
    goat::{address, lobby},
    player::HOST,
};
use anyhow::{Context, ensure};
use bot::{
    Lobby,
    game::{Event, ResumingClient, Way},
    lobby::MatchResult,
};
use reqwest::StatusCode;
use serde_json::Value;
use stack::{Stack, until};
use tokio::time::{Instant, timeout};

use super::SOON;

/// What comes of a match that all of its players have left.
const DESERTED: &str = "deserted";

/// The match goes on or has ended, and nobody says which.
#[tokio::test]
async fn every_web_server_says_how_a_match_has_ended_whose_server_is_gone() -> anyhow::Result<()> {
    let builder = Stack::builder().environment("GATHER", "0");
    let mut stack = builder.scale("webserver", 2).start().await?;
    let ada = lobby(&stack, "Ada").await?;
    let mut client = play(&stack, &ada).await?;
    let id = client.match_id().to_owned();
    snapshot(&mut client).await?;
    for _ in 0..4 {
        ensure!(asked(&stack, &id).await? == (StatusCode::NOT_FOUND, "not_over".into()));
        let unknown = asked(&stack, "0000000000").await?;
        ensure!(unknown == (StatusCode::NOT_FOUND, "no_such_match".into()));
    }
    let (status, _) = asked(&stack, "not-a-match").await?;
    ensure!(status == StatusCode::UNPROCESSABLE_ENTITY, "{status}");

    ada.leave().await?;
    let result = result_of(&ada, &id).await?;
    ensure!(result.cancelled.as_deref() == Some(DESERTED), "{result:?}");
    ensure!(result.winner.is_none() && result.tick > 0, "{result:?}");
    stack.take_called("gameserver-1")?.kill().await?;
    for _ in 0..4 {
        ensure!(ada.result(&id).await? == result);
    }
    Ok(())
}

/// A player without a network, and a match that ends meanwhile, with its server.
#[tokio::test]
async fn who_comes_back_too_late_is_told_how_the_match_has_ended() -> anyhow::Result<()> {
    let mut stack = Stack::builder().environment("GATHER", "0").start().await?;
    let ada = lobby(&stack, "Ada").await?;
    let mut client = play(&stack, &ada).await?;
    let id = client.match_id().to_owned();
    snapshot(&mut client).await?;
    client.drop_socket();
    client.cut_until(Instant::now() + Duration::from_millis(1500));
    // In another tab she gives up her seat.
    ada.leave().await?;
    result_of(&ada, &id).await?;
    stack.take_called("gameserver-1")?.kill().await?;
    let told = timeout(4 * SOON, async {
        loop {
            match client.event().await? {
                Event::Told(frame) if frame["type"] == "cancelled" => return Ok(frame),
                Event::Closed(code) => anyhow::bail!("closed with {code:?}"),
                _ => {}
            }
        }
    })
    .await??;
    ensure!(told["code"] == DESERTED, "{told}");
    Ok(())
}

/// A player with a seat, who follows the match.
async fn play(stack: &Stack, lobby: &Lobby) -> anyhow::Result<ResumingClient> {
    let ticket = lobby.play(None).await?;
    let way = Way {
        address: address(stack)?,
        host: HOST.to_owned(),
        path: ticket.path,
        from: None,
    };
    let client = ResumingClient::enter(way, &ticket.ticket, 1).await?;
    Ok(client.following(lobby.clone(), 1))
}

/// Waits until a tick was played, and shown.
async fn snapshot(client: &mut ResumingClient) -> anyhow::Result<()> {
    timeout(SOON, async {
        loop {
            // The first shows how it begins.
            if let Event::Snapshot(snapshot) = client.event().await?
                && snapshot.state.tick > 0
            {
                return Ok(());
            }
        }
    })
    .await
    .context("nothing is shown")?
}

/// How the match has ended, as soon as it has.
async fn result_of(lobby: &Lobby, id: &str) -> anyhow::Result<MatchResult> {
    until("the result", SOON, async || {
        lobby.result(id).await.map_err(|error| error.to_string())
    })
    .await
}

/// The status of what is answered to whoever asks how a match has ended, and its code.
async fn asked(stack: &Stack, id: &str) -> anyhow::Result<(StatusCode, String)> {
    let url = format!("http://{}/api/results/{id}", stack.address());
    let answer = stack.client().get(url).header("host", HOST).send().await?;
    let status = answer.status();
    let told: Value = answer.json().await?;
    Ok((status, told["code"].as_str().unwrap_or_default().to_owned()))
}
