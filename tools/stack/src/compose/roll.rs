//! A rolling deploy of containers. It is made of plain commands, which anybody can type.

use anyhow::Context;

use super::project::{Compose, ROUTED_WITHIN};
use crate::{
    fleet::is_led_to,
    roll::{Replicas, replace_all},
    routing::all_answer,
};

impl Compose {
    /// Replaces every container of `service`, one after another, the oldest first, by containers of the image that was
    /// built last, and gives the ids of the new replicas. There are never fewer than before.
    ///
    /// # Errors
    /// When a new container gets no requests; that one is ended again, and the old ones stay. Or when Docker cannot.
    pub async fn roll(&mut self, service: &str) -> anyhow::Result<Vec<String>> {
        replace_all(self, service).await
    }
}

impl Replicas for Compose {
    async fn running(&self, service: &str) -> anyhow::Result<Vec<String>> {
        let containers = self.containers(service).await?;
        Ok(containers.into_iter().map(|(id, _)| id).collect())
    }

    async fn start(&mut self, service: &str) -> anyhow::Result<String> {
        let known = self.running(service).await?;
        self.scale(service, known.len() + 1).await?;
        let now = self.running(service).await?;
        let mut new = now.into_iter().filter(|id| !known.contains(id));
        new.next().context("Compose has started no container more")
    }

    async fn is_routed(&self, service: &str, id: &str) -> anyhow::Result<()> {
        let container = self.container_of(id).await?;
        self.is_healthy(id, &container).await?;
        is_led_to(&self.address(), service, id).await?; // lesson 11
        all_answer([id.to_owned()].into(), ROUTED_WITHIN, || {
            self.who_answers(service)
        })
        .await
    }

    async fn end(&mut self, id: &str) -> anyhow::Result<()> {
        let container = self.container_of(id).await?;
        container.stop().await?;
        container.remove().await
    }

    fn tell(&self, sentence: &str) {
        if let Some(watch) = self.watch {
            watch(sentence);
        }
    }
}
