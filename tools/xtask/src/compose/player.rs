//! A player as the checks need one: logs in, says something, and asks what was said.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use anyhow::{Context, bail, ensure};
use bot::{Browser, session_cookie};
use reqwest::{RequestBuilder, Response, StatusCode};
use serde_json::{Value, json};
use stack::Compose;

/// No answer may take longer, whatever has failed. A replica gives up on a lost server after about a second.
const ANSWERS_WITHIN: Duration = Duration::from_secs(5);

/// A message that was acknowledged.
pub struct Taken {
    /// The message's id.
    pub id: String,
    /// The replica that took it.
    pub replica: String,
}

/// Somebody who is logged in.
#[derive(Clone)]
pub struct Player {
    browser: Browser,
    address: String,
    name: String,
}

impl Player {
    /// Logs in through Traefik.
    pub async fn log_in(compose: &Compose, name: &str) -> anyhow::Result<Player> {
        let browser = Browser::new("webserver.localhost", ANSWERS_WITHIN)?;
        let address = format!("127.0.0.1:{}", compose.port());
        let answer = browser.log_in(&address, name).await?.error_for_status()?;
        let cookie = session_cookie(answer.headers()).context("the login set no cookie")?;
        Ok(Player {
            browser: browser.with_cookie(&cookie),
            address,
            name: name.to_owned(),
        })
    }

    /// Whether the server knows who this is; not when it says that it cannot tell.
    ///
    /// # Errors
    /// When there is another answer, or none in time.
    pub async fn is_known(&self) -> anyhow::Result<bool> {
        let answer = self.get("/api/me").send().await?;
        let Some(body) = unless_unavailable(answer).await? else {
            return Ok(false);
        };
        ensure!(body["name"] == self.name, "it is {body}");
        Ok(true)
    }

    /// Says something, and gives what was taken; none when the server says that it cannot.
    ///
    /// # Errors
    /// When there is another answer, or none in time.
    pub async fn say(&self, text: &str) -> anyhow::Result<Option<Taken>> {
        let message = self.post("/api/messages", &json!({ "text": text }));
        let Some(body) = unless_unavailable(message.send().await?).await? else {
            return Ok(None);
        };
        let id = body["id"].as_str().context("the message has no id")?;
        let replica = body["replica"].as_str();
        let replica = replica.context("the message names no replica")?;
        Ok(Some(Taken {
            id: id.to_owned(),
            replica: replica.to_owned(),
        }))
    }

    /// Says something under an idempotency key, and gives its id; none when the server says that it cannot.
    ///
    /// # Errors
    /// When there is another answer, or none in time.
    pub async fn say_under(&self, key: &str, text: &str) -> anyhow::Result<Option<String>> {
        let message = self.post("/api/messages", &json!({ "text": text }));
        let answer = message.header("idempotency-key", key).send().await?;
        let Some(body) = unless_unavailable(answer).await? else {
            return Ok(None);
        };
        let id = body["id"].as_str().context("the message has no id")?;
        Ok(Some(id.to_owned()))
    }

    /// The replica that tells what was said after the message with this id, and the ids of that.
    ///
    /// # Errors
    /// When the answer is not as expected, or none comes in time.
    pub async fn heard_after(&self, id: &str) -> anyhow::Result<(String, Vec<String>)> {
        let path = format!("/api/messages?after={id}");
        let answer = self.get(&path).send().await?;
        let body: Value = answer.error_for_status()?.json().await?;
        let ids = body["messages"].as_array().context("no messages")?.iter();
        let ids = ids.filter_map(|message| message["id"].as_str().map(str::to_owned));
        let replica = body["replica"].as_str().context("no replica")?;
        Ok((replica.to_owned(), ids.collect()))
    }

    /// Asks `times` times which messages are known, and gives the ids by the replica that told them.
    ///
    /// # Errors
    /// When an answer is not as expected.
    pub async fn heard(&self, times: usize) -> anyhow::Result<BTreeMap<String, BTreeSet<String>>> {
        let mut heard: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for _ in 0..times {
            let answer = self.get("/api/messages").send().await?;
            let body: Value = answer.error_for_status()?.json().await?;
            let ids = body["messages"].as_array().context("no messages")?.iter();
            let ids = ids.filter_map(|message| message["id"].as_str().map(str::to_owned));
            let replica = body["replica"].as_str().context("no replica")?;
            heard.entry(replica.to_owned()).or_default().extend(ids);
        }
        Ok(heard)
    }

    fn get(&self, path: &str) -> RequestBuilder {
        self.browser.get(&self.address, path)
    }

    fn post(&self, path: &str, body: &Value) -> RequestBuilder {
        self.browser.post(&self.address, path, body)
    }
}

/// The body of an answer of 2xx; none if it is a 503.
async fn unless_unavailable(answer: Response) -> anyhow::Result<Option<Value>> {
    let status = answer.status();
    let text = answer.text().await?;
    if status == StatusCode::SERVICE_UNAVAILABLE {
        return Ok(None);
    }
    if !status.is_success() {
        bail!("the answer is {status}: {text}");
    }
    Ok(Some(serde_json::from_str(&text)?))
}
