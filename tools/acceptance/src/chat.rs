//! What players say and hear by asking.

use anyhow::Context;
use reqwest::Response;
use serde_json::{Value, json};

use crate::{answer::expect, player::Player};

impl Player {
    /// Tries to say something at `address`, and gives the answer.
    ///
    /// # Errors
    /// When there is no answer in time.
    pub async fn try_say(&self, address: &str, text: &str) -> anyhow::Result<Response> {
        let message = self.post(address, "/api/messages", &json!({ "text": text }));
        message.send().await.context("a message got no answer")
    }

    /// Says something at `address`, and gives the message as it was acknowledged.
    ///
    /// # Errors
    /// When it was refused.
    pub async fn say(&self, address: &str, text: &str) -> anyhow::Result<Value> {
        let answer = self.try_say(address, text).await?;
        Ok(expect(answer, 201).await?.json().await?)
    }

    /// The messages that `address` tells: all that it has, or those after the one with this id.
    ///
    /// # Errors
    /// When it does not tell.
    pub async fn hear(&self, address: &str, after: Option<&str>) -> anyhow::Result<Vec<Value>> {
        let query = after.map(|id| format!("?after={id}")).unwrap_or_default();
        let path = format!("/api/messages{query}");
        let answer = self.get(address, &path).send().await?;
        let mut page: Value = expect(answer, 200).await?.json().await?;
        let messages = page["messages"].take();
        let Value::Array(messages) = messages else {
            anyhow::bail!("no list of messages: {page}");
        };
        Ok(messages)
    }
}

/// The ids of messages, in their order.
#[must_use]
pub fn ids(messages: &[Value]) -> Vec<String> {
    let ids = messages.iter().map(|message| &message["id"]);
    ids.map(|id| id.as_str().unwrap_or_default().to_owned())
        .collect()
}
