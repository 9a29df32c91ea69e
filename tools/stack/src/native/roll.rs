//! A rolling deploy of processes.

use std::path::Path;

use anyhow::ensure;

use super::{replicas::ROUTED_WITHIN, stack::Stack};
use crate::{
    client_build::bring_up_to_date,
    fleet::is_led_to,
    roll::{Replicas, replace_all},
    routing::all_answer,
    service_build::anew,
};

impl Stack {
    /// Builds `service` and the client anew. Replicas that start from now on are of that build, and those that run stay as
    /// they are, but for the client: all replicas read it from one folder.
    ///
    /// # Errors
    /// When it cannot be built. Then everything is as before.
    pub async fn rebuild(&self, service: &str) -> anyhow::Result<()> {
        self.topology.built_service(service)?;
        bring_up_to_date(&self.topology.root).await?;
        let (root, target) = (&self.topology.root, self.target.as_deref());
        let built = anew(root, target, service, self.watch.is_some()).await;
        built.map(drop)
    }

    /// Lets replicas that start from now on serve the client in `folder`, as if it had come with their build.
    pub fn serve_client(&mut self, folder: &Path) {
        self.client_folder = Some(folder.to_owned());
    }

    /// Replaces every replica of `service` that runs, one after another, the oldest first, and gives the ids of the new
    /// ones. There are never fewer replicas than before.
    ///
    /// # Errors
    /// When a new replica gets no requests; that one is ended again, and the old ones stay. Or when an old one cannot be
    /// stopped.
    pub async fn roll(&mut self, service: &str) -> anyhow::Result<Vec<String>> {
        let described = self.topology.built_service(service)?;
        ensure!(
            !described.is_published(),
            "{service} is published on a port, which an old and a new replica cannot share"
        );
        replace_all(self, service).await
    }
}

impl Replicas for Stack {
    async fn running(&self, service: &str) -> anyhow::Result<Vec<String>> {
        let replicas = self.replicas.iter().filter(|(of, _)| of == service);
        Ok(replicas
            .map(|(_, replica)| replica.id().to_owned())
            .collect())
    }

    async fn start(&mut self, service: &str) -> anyhow::Result<String> {
        self.start_replica(service).await
    }

    async fn is_routed(&self, service: &str, id: &str) -> anyhow::Result<()> {
        self.called(id)?.ready(&self.http).await?;
        is_led_to(&self.address(), service, id).await?; // lesson 11
        all_answer([id.to_owned()].into(), ROUTED_WITHIN, || {
            self.who_answers(service)
        })
        .await
    }

    async fn end(&mut self, id: &str) -> anyhow::Result<()> {
        self.take_called(id)?.stop().await.map(drop)
    }

    fn tell(&self, sentence: &str) {
        if let Some(watch) = &self.watch {
            watch("roll").write(sentence);
        }
    }
}
