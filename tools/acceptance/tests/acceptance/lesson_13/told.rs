//! Alerts on their whole way: from the Redis that is away to whoever has to know.

use std::time::Duration;

use acceptance::player::Player;
use anyhow::ensure;
use reqwest::Url;
use stack::{Stack, until};
use tokio::time::Instant;

/// How soon somebody knows of it.
const TOLD_WITHIN: Duration = Duration::from_secs(30);

/// The chat cannot tell that it is broken. It is seen elsewhere at once, and told in the chat when that is back, and not twice.
#[tokio::test]
async fn a_broken_chat_is_seen_elsewhere_and_told_in_it_once_it_is_back() -> anyhow::Result<()> {
    let stack = Stack::builder().watched().start().await?;
    let ada = Player::log_in(&stack.address(), "Ada").await?;
    let pubsub = stack.server("pubsub")?;
    pubsub.kill().await?;
    let begun = Instant::now();
    until("a record of the alert", TOLD_WITHIN, async || {
        let found = records(&stack, r#""groupLabels.alertname":=PubsubAway"#).await;
        let found = found.map_err(|error| format!("{error:#}"))?;
        let told = found.contains("No message arrives");
        told.then_some(())
            .ok_or_else(|| format!("there is {found:?}"))
    })
    .await?;
    println!("seen elsewhere after {:?}", begun.elapsed());
    let board = stack.get("board.localhost", "/api/alerts").await?;
    let board = board.error_for_status()?.text().await?;
    ensure!(board.contains("PubsubAway"), "{board}");

    pubsub.start().await?;
    let back = Instant::now();
    let told = async || {
        let heard = ada.hear(&stack.address(), None).await?;
        let texts = heard.iter().filter_map(|message| message["text"].as_str());
        let told = texts.filter(|text| text.contains("PubsubAway"));
        Ok::<_, anyhow::Error>(told.map(str::to_owned).collect::<Vec<_>>())
    };
    let over = until("the chat's being told", 2 * TOLD_WITHIN, async || {
        let told = told().await.map_err(|error| format!("{error:#}"))?;
        let over = told.iter().any(|text| text.starts_with("Resolved"));
        over.then_some(told.clone())
            .ok_or_else(|| format!("it was told {told:?}"))
    })
    .await?;
    println!("told {:?} after its return: {over:?}", back.elapsed());
    let fired = over.iter().filter(|text| text.starts_with("Alert"));
    ensure!(fired.count() <= 1 && over.len() <= 2, "{over:?}");
    Ok(())
}

/// What the store of the logs finds.
async fn records(stack: &Stack, query: &str) -> anyhow::Result<String> {
    let logs = stack.server("logs")?.address();
    let url = format!("http://{logs}/select/logsql/query");
    let url = Url::parse_with_params(&url, [("query", query)])?;
    let answer = stack.client().get(url).send().await?;
    Ok(answer.error_for_status()?.text().await?)
}
