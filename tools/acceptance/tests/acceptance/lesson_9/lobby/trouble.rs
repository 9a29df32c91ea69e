//! What the lobby says when something is missing, or too much.

use acceptance::{
    answer::{expect, header, refused_as},
    player::{HOST, Player},
};
use anyhow::ensure;
use bot::Lobby;
use serde_json::json;
use stack::{Stack, until};

use super::{PATIENCE, addresses, log_in, refused_with, with_seats};

/// A game server's route goes with it. What is left is the web server's, and a bare 404 would leave a player with nothing to do.
#[tokio::test]
async fn the_way_to_a_server_that_is_gone_says_where_to_go_on() -> anyhow::Result<()> {
    let stack = with_seats(Stack::builder()).await?;
    let ada = Player::log_in(&stack.address(), "Ada").await?;
    for address in [addresses(&stack)[0].clone(), stack.address()] {
        for path in ["/game/gs-0123456789/ws", "/game/gs-0123456789/"] {
            let answer = ada.get(&address, path).send().await?;
            let told = refused_as(answer, 410, "server_gone").await?;
            ensure!(told.contains("/api/play"), "{told}");
        }
    }
    Ok(())
}

#[tokio::test]
async fn without_the_directory_nobody_is_seated_and_the_chat_goes_on() -> anyhow::Result<()> {
    let mut stack = with_seats(Stack::builder()).await?;
    let address = stack.replica(0)?.address().to_owned();
    let ada = Player::log_in(&address, "Ada").await?;
    let lobby = Lobby::of(ada_browser(&ada)?, &address);
    lobby.play(None).await?;
    stack.server("matches")?.stop().await?;
    for path in ["/api/play", "/api/watch", "/api/party"] {
        let answer = ada.post(&address, path, &json!({})).send().await?;
        ensure!(header(&answer, "retry-after")?.parse::<u64>()? >= 1);
        let told = refused_as(answer, 503, "matches_unavailable").await?;
        ensure!(told.contains("directory"), "{told}");
    }
    for path in ["/api/lobby", "/api/fleet"] {
        let answer = ada.get(&address, path).send().await?;
        refused_as(answer, 503, "matches_unavailable").await?;
    }
    expect(ada.try_say(&address, "still here").await?, 201).await?;
    expect(ada.get(&address, "/health/ready").send().await?, 200).await?;
    stack.server("matches")?.start().await?;
    until(
        "a seat after the directory's return",
        PATIENCE,
        async || lobby.play(None).await.map_err(|error| error.to_string()),
    )
    .await?;
    let log = stack.replica(0)?.log().lines();
    let told = log
        .iter()
        .filter(|line| line.contains("directory of matches is away"));
    ensure!(told.count() <= 1, "{}", log.join("\n"));
    Ok(())
}

/// The same browser as the bots have it.
fn ada_browser(player: &Player) -> anyhow::Result<bot::Browser> {
    Ok(bot::Browser::new(HOST, PATIENCE)?.with_cookie(player.cookie()))
}

#[tokio::test]
async fn one_browser_that_asks_too_often_is_held_back_and_another_is_not() -> anyhow::Result<()> {
    let stack = with_seats(Stack::builder()).await?;
    let (ada, bob) = (log_in(&stack, "Ada").await?, log_in(&stack, "Bob").await?);
    // In small groups, because a web server that was built for tests takes milliseconds to sign; and until it is too much, which on a busy
    // machine takes longer.
    let mut refused = Vec::new();
    for _ in 0..60 {
        let asked = futures_util::future::join_all((0..8).map(|_| ada.play(None))).await;
        refused.extend(asked.into_iter().filter_map(Result::err));
        // What a busy proxy refuses is another question.
        refused.retain(|error| error.code().is_some_and(|code| !code.is_empty()));
        if !refused.is_empty() {
            break;
        }
    }
    ensure!(!refused.is_empty(), "nothing is too many");
    for error in refused {
        ensure!(error.retry_after().is_some(), "{error}");
        refused_with(Err::<(), _>(error), "too_many_plays")?;
    }
    let other = until("a seat for another browser", PATIENCE, async || {
        bob.play(None).await.map_err(|error| error.to_string())
    });
    other.await?;
    Ok(())
}

#[tokio::test]
async fn a_placement_that_there_is_not_ends_the_start_with_what_is_accepted() -> anyhow::Result<()>
{
    let stack = Stack::builder().start().await?;
    let variables = [("PLACEMENT", "nowhere")];
    let ended = stack.run_service("webserver", &[], &variables).await?;
    let told = String::from_utf8_lossy(&ended.stderr).into_owned();
    ensure!(!ended.status.success());
    ensure!(told.contains("packed") && told.contains("spread"), "{told}");
    Ok(())
}
