//! The Redis of the sessions is away, and comes back.

use std::time::Duration;

use acceptance::{
    answer::{expect, refused},
    player::Player,
    quiet,
    repeat::Repeat,
};
use anyhow::{Context, ensure};
use nix::sys::signal::Signal;
use serde_json::{Value, json};
use stack::Stack;
use tokio::time::Instant;

use super::{SESSIONS, addresses, comes_back};

#[tokio::test]
async fn a_redis_that_is_gone_costs_the_logins_only_and_for_its_absence_only() -> anyhow::Result<()>
{
    let stack = Stack::builder().scale("webserver", 2).start().await?;
    let ada = Player::log_in(&stack.address(), "Ada").await?;
    let bob = Player::log_in(&stack.address(), "Bob").await?;
    stack.server(SESSIONS)?.stop().await?;
    for address in addresses(&stack) {
        what_works_without_sessions(&ada, &bob, &address).await?;
    }
    stack.server(SESSIONS)?.start().await?;
    for address in addresses(&stack) {
        comes_back(&ada, &address).await?;
    }
    Ok(())
}

/// A frozen Redis keeps its connections open and says nothing. Whoever waits for it without a limit hangs.
#[tokio::test]
async fn a_redis_that_is_frozen_costs_no_more_than_one_that_is_gone() -> anyhow::Result<()> {
    let stack = Stack::builder().scale("webserver", 2).start().await?;
    let ada = Player::log_in(&stack.address(), "Ada").await?;
    let bob = Player::log_in(&stack.address(), "Bob").await?;
    stack.server(SESSIONS)?.signal(Signal::SIGSTOP)?;
    for address in addresses(&stack) {
        what_works_without_sessions(&ada, &bob, &address).await?;
    }
    stack.server(SESSIONS)?.signal(Signal::SIGCONT)?;
    for address in addresses(&stack) {
        comes_back(&ada, &address).await?;
    }
    Ok(())
}

async fn what_works_without_sessions(
    ada: &Player,
    leaving: &Player,
    address: &str,
) -> anyhow::Result<()> {
    // A player's own patience is the limit here: whoever hangs gives no answer.
    for _ in 0..3 {
        let begun = Instant::now();
        let me = ada.get(address, "/api/me").send().await?;
        let told = refused(me, 503).await?;
        println!(
            "without the session store /api/me answered after {:?}",
            begun.elapsed()
        );
        ensure!(told.contains("session store"), "{told}");
        let login = Player::nobody("")?.try_log_in(address, "Cem").await?;
        ensure!(
            !login.headers().contains_key("set-cookie"),
            "a login that nobody remembers"
        );
        refused(login, 503).await?;
    }
    refused(ada.try_say(address, "hello").await?, 503).await?;
    // By somebody else: a frozen Redis does later what it was asked now.
    let logout = leaving.post(address, "/api/logout", &json!({}));
    refused(logout.send().await?, 503).await?;
    for path in ["/", "/api/whoami", "/plain", "/health/live"] {
        expect(ada.get(address, path).send().await?, 200).await?;
    }
    let ready = ada.get(address, "/health/ready").send().await?;
    let ready: Value = expect(ready, 503).await?.json().await?;
    let missing = ready["missing"].as_array().context("nothing is missing")?;
    let says = |what: &Value| {
        what.as_str()
            .is_some_and(|what| what.contains("session store"))
    };
    ensure!(missing.iter().any(says), "{ready}");
    Ok(())
}

/// What a player is told who asks: the name, or that nobody can tell. All else is an error, and ends the test.
async fn who_am_i(player: &Player, address: &str) -> anyhow::Result<bool> {
    let answer = player.get(address, "/api/me").send().await?;
    if answer.status() == 503 {
        refused(answer, 503).await?;
        return Ok(false);
    }
    let me: Value = expect(answer, 200).await?.json().await?;
    ensure!(
        me["name"] == player.name(),
        "{} is taken for {me}",
        player.name()
    );
    Ok(true)
}

#[tokio::test]
async fn a_restart_under_load_neither_forgets_nor_mistakes_anyone() -> anyhow::Result<()> {
    let stack = quiet().scale("webserver", 3).start().await?;
    let mut players = Vec::new();
    let mut asking = Vec::new();
    for name in ["Ada", "Bob", "Cem", "Dea"] {
        let player = Player::log_in(&stack.address(), name).await?;
        players.push(player.clone());
        let address = stack.address();
        asking.push(Repeat::start(Duration::from_millis(20), move |_| {
            let (player, address) = (player.clone(), address.clone());
            async move { who_am_i(&player, &address).await }
        }));
    }
    for asking in &mut asking {
        asking.gives(20, |known| *known).await?;
    }
    stack.server(SESSIONS)?.stop().await?;
    for asking in &mut asking {
        asking.gives(3, |known| !known).await?;
    }
    stack.server(SESSIONS)?.start().await?;
    for asking in &mut asking {
        asking.gives(50, |known| *known).await?;
    }
    for asking in asking {
        let answers = asking.finish().await?;
        let refused = answers.iter().filter(|known| !**known).count();
        println!("{refused} of {} answers were a 503", answers.len());
    }
    for player in &players {
        for address in addresses(&stack) {
            comes_back(player, &address).await?;
        }
    }
    Ok(())
}
