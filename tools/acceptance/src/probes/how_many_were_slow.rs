//! Somebody who wants to know how many it was.

use std::time::Duration;

use anyhow::{Context, bail};
use nix::sys::signal::Signal;
use reqwest::Url;
use serde_json::Value;
use stack::{Server, Stack, until};

use crate::{answer::expect, player::Player};

/// So many requests.
const REQUESTS: usize = 100;

/// So many of them are asked while the Redis for sessions stands still. They wait for it until they give up, and fail.
const FAIL: usize = 5;

/// How long the share may take to be known, and to be told.
const TOLD_WITHIN: Duration = Duration::from_secs(30);

/// How far the share may be from what it was.
const EXACT: f64 = 0.1;

/// The share of the requests that failed, of all that the web servers have answered.
const SHARE: &str = r#"sum(http_requests_total{job="webserver",status="5xx"}) / sum(http_requests_total{job="webserver"})"#;

/// Lesson 12's problem: does anything say how many requests failed, and is anybody told without asking?
///
/// The records have each of them, if one knows its id. Nobody knows a hundred ids. So there must be a Prometheus that has counted, and a
/// line in the chat, though nobody has said a word.
///
/// # Errors
/// When the share is not known, is another one, or nobody is told.
pub async fn how_many_were_slow() -> anyhow::Result<()> {
    let builder = Stack::builder().watched().scale("webserver", 2);
    let stack = builder.start().await?;
    let ada = Player::log_in(&stack.address(), "Ada").await?;
    if let Ok(prometheus) = stack.server("prometheus") {
        is_asked(&stack, prometheus).await?;
    }
    some_fail(&stack, &ada).await?;
    let Ok(prometheus) = stack.server("prometheus") else {
        bail!("{FAIL} of {REQUESTS} requests failed, and nothing says how many");
    };
    is_known(&stack, prometheus).await?;
    let told = until("a line in the chat", TOLD_WITHIN, async || {
        let heard = ada.hear(&stack.address(), None).await;
        let heard = heard.map_err(|error| format!("{error:#}"))?;
        let mut texts = heard.iter().filter_map(|message| message["text"].as_str());
        let is_told = texts.any(|text| text.contains("of the answers of webserver are errors"));
        is_told
            .then_some(())
            .ok_or_else(|| format!("nobody says it: {heard:?}"))
    });
    told.await
        .with_context(|| format!("{FAIL} of {REQUESTS} requests failed, and nobody is told"))
}

/// Asks who Ada is, which stands in the Redis for sessions.
async fn some_fail(stack: &Stack, ada: &Player) -> anyhow::Result<()> {
    let address = stack.address();
    let ask = async |status| {
        let answer = ada.get(&address, "/api/me").send().await?;
        expect(answer, status).await.map(drop)
    };
    for _ in 0..REQUESTS - FAIL {
        ask(200).await?;
    }
    let sessions = stack.server("sessions")?;
    sessions.signal(Signal::SIGSTOP)?;
    let failed = futures_util::future::try_join_all((0..FAIL).map(|_| ask(503))).await;
    sessions.signal(Signal::SIGCONT)?;
    failed.map(drop)
}

/// Waits until Prometheus asks both replicas. How much a number has grown is known from the first answer on, and not from before it.
async fn is_asked(stack: &Stack, prometheus: &Server) -> anyhow::Result<()> {
    let replicas = r#"count(http_requests_in_flight{job="webserver"})"#;
    shows(stack, prometheus, replicas, 2.0).await
}

/// Whether Prometheus knows the share, or will soon.
async fn is_known(stack: &Stack, prometheus: &Server) -> anyhow::Result<()> {
    shows(stack, prometheus, SHARE, FAIL as f64 / REQUESTS as f64).await
}

/// Waits until a query gives this number.
async fn shows(
    stack: &Stack,
    prometheus: &Server,
    query: &str,
    expected: f64,
) -> anyhow::Result<()> {
    let url = format!("http://{}/api/v1/query", prometheus.address());
    let url = Url::parse_with_params(&url, [("query", query)])?;
    until(query, TOLD_WITHIN, async || {
        let asked = stack.client().get(url.clone());
        let answer: Value = async { asked.send().await?.json().await }
            .await
            .map_err(|error| error.to_string())?;
        let known = value(&answer).ok_or_else(|| answer.to_string())?;
        let is_right = (known - expected).abs() <= EXACT * expected;
        is_right
            .then_some(())
            .ok_or_else(|| format!("it is {known}"))
    })
    .await
}

/// The one value in an answer of Prometheus, which writes numbers as texts.
fn value(answer: &Value) -> Option<f64> {
    answer["data"]["result"][0]["value"][1]
        .as_str()?
        .parse()
        .ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_value_is_read_as_prometheus_writes_it() {
        let result = json!([{ "metric": {}, "value": [1_795_700_000.5, "0.05"] }]);
        let answer =
            json!({ "status": "success", "data": { "resultType": "vector", "result": result } });
        assert_eq!(value(&answer), Some(0.05));
        assert_eq!(value(&json!({ "data": { "result": [] } })), None);
    }
}
