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
const SHARE: &str = r#"sum(http_requests_total{service="webserver",status="5xx"}) / sum(http_requests_total{service="webserver"})"#;

/// Lesson 12's problem: does anything say how many requests failed, and is anybody told without asking?
///
/// The records have each of them, if one knows its id. Nobody knows a hundred ids. So there must be a Prometheus that has counted, and a
/// line in the chat, though nobody has said a word.
///
/// # Errors
/// When the share is not known, is another one, or nobody is told.
pub async fn how_many_were_slow() -> anyhow::Result<()> {
    let stack = Stack::builder().scale("webserver", 2).start().await?;
    let ada = Player::log_in(&stack.address(), "Ada").await?;
    some_fail(&stack, &ada).await?;
    let Ok(prometheus) = stack.server("prometheus") else {
        bail!("{FAIL} of {REQUESTS} requests failed, and nothing says how many");
    };
    is_known(&stack, prometheus).await?;
    let told = until("a line in the chat", TOLD_WITHIN, async || {
        let heard = ada.hear(&stack.address(), None).await;
        let heard = heard.map_err(|error| format!("{error:#}"))?;
        let is_told = !heard.is_empty();
        is_told
            .then_some(())
            .ok_or_else(|| "nobody says anything".to_owned())
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

/// Whether Prometheus knows the share, or will soon.
async fn is_known(stack: &Stack, prometheus: &Server) -> anyhow::Result<()> {
    let share = FAIL as f64 / REQUESTS as f64;
    let url = format!("http://{}/api/v1/query", prometheus.address());
    let url = Url::parse_with_params(&url, [("query", SHARE)])?;
    let known = until("the share of those that failed", TOLD_WITHIN, async || {
        let asked = stack.client().get(url.clone());
        let answer: Value = async { asked.send().await?.json().await }
            .await
            .map_err(|error| error.to_string())?;
        let known = value(&answer).ok_or_else(|| answer.to_string())?;
        let is_right = (known - share).abs() <= EXACT * share;
        is_right
            .then_some(())
            .ok_or_else(|| format!("it is {known}"))
    });
    known.await
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
