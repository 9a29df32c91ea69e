//! Alerts that are told in the chat, as Alertmanager sends them.

use acceptance::{
    answer::{expect, refused},
    player::Player,
    scrape::ops_ports,
    socket::Socket,
};
use anyhow::{Context, ensure};
use nix::sys::signal::Signal;
use reqwest::Response;
use serde_json::{Value, json};
use stack::Stack;

/// The player that nobody is.
const NOBODY: &str = "0000000000000000";

/// How soon a chat that was away is there again, on a machine that is busy.
const WITHIN: std::time::Duration = std::time::Duration::from_secs(20);

/// What Alertmanager 0.28 sends for one alert.
fn group(status: &str, summary: &str) -> Value {
    json!({
        "version": "4",
        "groupKey": "{}:{alertname=\"ErrorBudgetBurnsFast\"}",
        "truncatedAlerts": 0,
        "status": status,
        "receiver": "chat",
        "groupLabels": { "alertname": "ErrorBudgetBurnsFast" },
        "commonLabels": { "alertname": "ErrorBudgetBurnsFast", "severity": "page" },
        "commonAnnotations": { "summary": summary },
        "externalURL": "http://alertmanager:9093",
        "alerts": [{
            "status": status,
            "labels": { "alertname": "ErrorBudgetBurnsFast", "severity": "page" },
            "annotations": { "summary": summary },
            "startsAt": "2026-01-01T00:00:00Z",
            "endsAt": "0001-01-01T00:00:00Z",
            "generatorURL": "http://prometheus:9090/graph",
            "fingerprint": "f0e1d2c3b4a59687",
        }],
    })
}

async fn tell(stack: &Stack, address: &str, body: &Value) -> anyhow::Result<Response> {
    let url = format!("http://{address}/alerts");
    Ok(stack.client().post(url).json(body).send().await?)
}

/// Where each web server takes alerts.
async fn doors(stack: &Stack) -> anyhow::Result<Vec<String>> {
    Ok(ops_ports(stack, "webserver").await?.into_values().collect())
}

/// Two replicas are told the same, and the chat hears it once, from nobody.
#[tokio::test]
async fn an_alert_is_told_once_under_no_player_s_name() -> anyhow::Result<()> {
    let stack = Stack::builder().scale("webserver", 2).start().await?;
    let ada = Player::log_in(&stack.address(), "Ada").await?;
    let mut socket = Socket::open(&ada, &stack.address()).await?;
    let fires = group("firing", "5% of requests fail.");
    for address in doors(&stack).await? {
        for _ in 0..2 {
            expect(tell(&stack, &address, &fires).await?, 204).await?;
        }
    }
    let told = socket.message().await?;
    ensure!(told["author"] == "system", "{told}");
    ensure!(told["player"] == NOBODY, "{told}");
    let text = "Alert ErrorBudgetBurnsFast: 5% of requests fail.";
    ensure!(told["text"] == text, "{told}");

    // What follows it is the next that is said, and not the same again.
    let address = doors(&stack).await?.remove(0);
    let over = group("resolved", "5% of requests fail.");
    expect(tell(&stack, &address, &over).await?, 204).await?;
    let told = socket.message().await?;
    let text = "Resolved ErrorBudgetBurnsFast: 5% of requests fail.";
    ensure!(told["text"] == text, "{told}");
    ensure!(ada.hear(&stack.address(), None).await?.len() == 2);
    Ok(())
}

/// One alert is always there. It is told when it is over, since then nobody watches.
#[tokio::test]
async fn that_somebody_watches_is_no_news_and_that_nobody_does_is() -> anyhow::Result<()> {
    let stack = Stack::builder().start().await?;
    let ada = Player::log_in(&stack.address(), "Ada").await?;
    let address = doors(&stack).await?.remove(0);
    for (status, heard) in [("firing", 0), ("resolved", 1)] {
        let mut watch = group(status, "Nobody watches.");
        watch["alerts"][0]["labels"] = json!({ "alertname": "Watchdog", "severity": "watchdog" });
        expect(tell(&stack, &address, &watch).await?, 204).await?;
        let told = ada.hear(&stack.address(), None).await?;
        ensure!(told.len() == heard, "{status}: {told:?}");
    }
    Ok(())
}

/// Nobody who plays can look like it, and no alert can look like a player.
#[tokio::test]
async fn no_player_can_pass_for_an_alert_nor_an_alert_for_a_player() -> anyhow::Result<()> {
    let stack = Stack::builder().start().await?;
    let ada = Player::log_in(&stack.address(), "Ada").await?;
    for name in ["system", "System", "ѕystem", "s.y.s.t.e.m", "ＳＹＳＴＥＭ"] {
        let answer = ada.try_log_in(&stack.address(), name).await?;
        acceptance::answer::refused_as(answer, 422, "name_reserved").await?;
    }
    let address = doors(&stack).await?.remove(0);
    // A name and more that somebody chose, in all that an alert can bring.
    let mut forged = group(
        "firing",
        "Ada\n#0123456789abcdef says: \u{202e}give me your ticket\u{2028}\u{0}\u{1b}[2J",
    );
    forged["alerts"][0]["labels"]["alertname"] = json!("Ada: hello\u{202e} <b>");
    for field in ["author", "player", "name", "id", "traceparent"] {
        forged[field] = json!("Ada");
        forged["alerts"][0][field] = json!("Ada");
        forged["alerts"][0]["labels"][field] = json!("Ada");
        forged["alerts"][0]["annotations"][field] = json!("Ada");
    }
    expect(tell(&stack, &address, &forged).await?, 204).await?;
    let mut long = group("firing", &"x".repeat(100_000));
    long["groupKey"] = json!("another");
    expect(tell(&stack, &address, &long).await?, 204).await?;
    let heard = ada.hear(&stack.address(), None).await?;
    ensure!(heard.len() == 2, "{heard:?}");
    for told in &heard {
        ensure!(
            told["author"] == "system" && told["player"] == NOBODY,
            "{told}"
        );
        let text = told["text"].as_str().context("no text")?;
        ensure!(text.starts_with("Alert "), "{text}");
        ensure!(text.chars().count() <= 500, "{text}");
        let bad = ['\n', '\u{0}', '\u{1b}', '\u{202e}', '\u{2028}'];
        ensure!(!text.contains(bad), "{text:?}");
    }
    ensure!(
        heard[0]["text"] == "Alert Adahellob: Ada #0123456789abcdef says: give me your ticket [2J",
        "{}",
        heard[0]
    );
    Ok(())
}

/// What is no alert is refused, with the reason.
#[tokio::test]
async fn what_is_no_alert_is_refused() -> anyhow::Result<()> {
    let stack = Stack::builder().start().await?;
    let ada = Player::log_in(&stack.address(), "Ada").await?;
    let address = doors(&stack).await?.remove(0);
    let mut old = group("firing", "");
    old["version"] = json!("3");
    let told = refused(tell(&stack, &address, &old).await?, 422).await?;
    ensure!(told.contains("the version must be"), "{told}");
    let mut empty = group("firing", "");
    empty["alerts"] = json!([]);
    let told = refused(tell(&stack, &address, &empty).await?, 422).await?;
    ensure!(told.contains("at least one alert"), "{told}");
    let told = refused(tell(&stack, &address, &json!({})).await?, 422).await?;
    ensure!(told.contains("missing field"), "{told}");
    let large = group("firing", &"x".repeat(300_000));
    // The rest of it is not read, so whoever still sends may find the connection closed before there is an answer.
    if let Ok(answer) = tell(&stack, &address, &large).await {
        refused(answer, 413).await?;
    }
    let url = format!("http://{address}/alerts");
    let plain = stack.client().post(&url).body("{}").send().await?;
    refused(plain, 415).await?;
    refused(stack.client().get(&url).send().await?, 405).await?;
    ensure!(ada.hear(&stack.address(), None).await?.is_empty());
    Ok(())
}

/// The chat itself is what is broken: then whoever sends the alert is told to send it again, and it is told once, when the chat is back.
#[tokio::test]
async fn an_alert_that_cannot_be_told_is_not_taken() -> anyhow::Result<()> {
    let stack = Stack::builder().start().await?;
    let ada = Player::log_in(&stack.address(), "Ada").await?;
    let address = doors(&stack).await?.remove(0);
    let fires = group("firing", "The chat is broken.");
    let pubsub = stack.server("pubsub")?;
    pubsub.signal(Signal::SIGSTOP)?;
    let first = tell(&stack, &address, &fires).await;
    let second = tell(&stack, &address, &fires).await;
    pubsub.signal(Signal::SIGCONT)?;
    for answer in [first?, second?] {
        let told = refused(answer, 503).await?;
        ensure!(told.contains("was not told in the chat"), "{told}");
    }
    // Alertmanager sends it again until it is taken.
    let taken = stack::until("that it is taken", WITHIN, async || {
        let answer = tell(&stack, &address, &fires).await;
        let status = answer.map_err(|error| error.to_string())?.status();
        (status == 204)
            .then_some(())
            .ok_or_else(|| status.to_string())
    });
    taken.await?;
    // The replica may still be on its way back to its Redis, and then hears of it when it is there.
    let heard = stack::until("that it is heard", WITHIN, async || {
        let heard = ada.hear(&stack.address(), None).await;
        let heard = heard.map_err(|error| format!("{error:#}"))?;
        (!heard.is_empty())
            .then_some(heard)
            .ok_or_else(|| "nothing is heard".to_owned())
    });
    let heard = heard.await?;
    ensure!(heard.len() == 1, "{heard:?}");
    Ok(())
}
