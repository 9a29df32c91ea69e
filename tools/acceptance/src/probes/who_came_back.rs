//! Somebody who wants to know whether people like it: whether those who were here come back.

use std::time::Duration;

use anyhow::{Context, bail, ensure};
use serde_json::{Value, json};
use stack::{Stack, until};

use crate::{
    player::Player,
    scrape::{comes_to, scrape},
};

/// So many people are here, each with a browser of their own.
const PEOPLE: [&str; 3] = ["Ada", "Bob", "Cid"];

/// So many of them go, and come back.
const BACK: usize = 2;

/// The board that somebody would look at.
const BOARD: &str = "players";

/// The panels on it, each of which shows one number: how many people were here today, and how many of them came again.
const PANELS: [(&str, usize); 2] = [("Players today", PEOPLE.len()), ("Came back", BACK)];

/// How long it may take until a board shows it.
const SHOWN_WITHIN: Duration = Duration::from_secs(30);

/// Lesson 13's problem: does anything say how many people were here, and how many of them came back?
///
/// Metrics count logins, and must not know whose they are. So somebody has to remember each person, for longer than a day, and a board must
/// show it.
///
/// # Errors
/// When no board does, or another number than there was.
pub async fn who_came_back() -> anyhow::Result<()> {
    let stack = Stack::builder()
        .watched()
        .scale("webserver", 2)
        .start()
        .await?;
    let address = stack.address();
    for (number, name) in PEOPLE.into_iter().enumerate() {
        let person = Player::log_in(&address, name).await?;
        if number < BACK {
            let gone = person.post(&address, "/api/logout", &json!({}));
            let gone = gone.send().await?;
            ensure!(gone.status().is_success(), "{name} cannot go");
            person.log_in_again(&address, name).await?;
        }
    }
    let logins = PEOPLE.len() + BACK;
    let accepted = r#"logins_total{outcome="accepted"}"#;
    comes_to(&stack, "webserver", accepted, logins as f64).await?;
    let told = scrape(&stack, "webserver").await?;
    let named = told.series().find(|series| knows_somebody(series));
    ensure!(named.is_none(), "a metric knows a player: {named:?}");
    let boards = board(&stack, "/api/boards").await?;
    let boards = boards.as_array().context("there is no list of boards")?;
    let Some(players) = boards.iter().find(|board| board["uid"] == BOARD) else {
        bail!("{logins} logins are counted, and nothing says how many people that were");
    };
    for (title, expected) in PANELS {
        let panels = players["panels"].as_array().into_iter().flatten();
        let mut panels = panels.filter(|panel| panel["title"] == title);
        let panel = panels.next();
        let panel = panel.with_context(|| format!("the board has no panel {title:?}"))?;
        let path = format!("/api/boards/{BOARD}/panels/{}?span=24h", panel["id"]);
        until(title, SHOWN_WITHIN, async || {
            let shown = board(&stack, &path).await;
            let shown = shown.map_err(|error| format!("{error:#}"))?;
            let is_right = shown["data"]["value"] == expected as f64;
            is_right.then_some(()).ok_or_else(|| shown.to_string())
        })
        .await?;
    }
    Ok(())
}

/// Whether a series has somebody's name in it.
fn knows_somebody(series: &str) -> bool {
    PEOPLE
        .iter()
        .any(|name| series.contains(&format!("\"{name}")))
}

/// What the board answers.
async fn board(stack: &Stack, path: &str) -> anyhow::Result<Value> {
    let answer = stack.get("board.localhost", path).await?;
    Ok(answer.error_for_status()?.json().await?)
}
