//! What players say so that it is said once, and how they read on from where they were.

use anyhow::{Context, bail, ensure};
use reqwest::Response;
use serde_json::{Value, json};

use crate::{answer::expect, chat::ids, player::Player};

/// Before every message.
pub const BEGINNING: &str = "0-0";

impl Player {
    /// Tries to say something under a key, and gives the answer.
    ///
    /// # Errors
    /// When there is no answer in time.
    pub async fn try_say_once(
        &self,
        address: &str,
        key: &str,
        text: &str,
    ) -> anyhow::Result<Response> {
        let message = self.post(address, "/api/messages", &json!({ "text": text }));
        let message = message.header("idempotency-key", key);
        message.send().await.context("a message got no answer")
    }

    /// Says something under a key, as often as it takes, and gives the message and how many tries failed.
    ///
    /// # Errors
    /// When it is refused for another reason than that nobody can take it now.
    pub async fn say_once(
        &self,
        addresses: &[String],
        key: &str,
        text: &str,
    ) -> anyhow::Result<(Value, usize)> {
        const TRIES: usize = 200;
        for failed in 0..TRIES {
            // As behind Traefik: the next try reaches another replica.
            let address = &addresses[failed % addresses.len()];
            let answer = self.try_say_once(address, key, text).await;
            match answer {
                Ok(answer) if answer.status().is_success() => {
                    return Ok((answer.json().await?, failed));
                }
                Ok(answer) => {
                    ensure!(answer.headers().contains_key("retry-after"), "{answer:?}");
                    expect(answer, 503).await?;
                }
                // Nobody knows then, which is what keys are for.
                Err(error) => println!("{text:?}: {error:#}"),
            }
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
        bail!("{text:?} was not taken in {TRIES} tries")
    }

    /// What `address` answers to somebody who had everything up to this id.
    ///
    /// # Errors
    /// When it does not tell.
    pub async fn resume(&self, address: &str, after: &str) -> anyhow::Result<Value> {
        let path = format!("/api/messages?after={after}");
        let answer = self.get(address, &path).send().await?;
        Ok(expect(answer, 200).await?.json().await?)
    }

    /// Everything that `address` tells after this id, page by page.
    ///
    /// # Errors
    /// When it does not tell, or says that there is a gap.
    pub async fn read_on(&self, address: &str, after: &str) -> anyhow::Result<Vec<Value>> {
        let mut all: Vec<Value> = Vec::new();
        loop {
            let last = ids(&all).pop();
            let page = self
                .resume(address, last.as_deref().unwrap_or(after))
                .await?;
            ensure!(page["gap"].is_null(), "{page}");
            let messages = page["messages"].as_array().context("no messages")?;
            ensure!(messages.len() <= 200, "a page of {}", messages.len());
            if messages.is_empty() {
                return Ok(all);
            }
            all.extend(messages.iter().cloned());
        }
    }
}
