//! What Consul's catalogue says of a stack's replicas.

use std::collections::BTreeSet;

use anyhow::Context;
use serde_json::Value;

use super::stack::Stack;

impl Stack {
    /// The ids in Consul's catalogue under `service`, sorted, each as often as it stands there.
    ///
    /// # Errors
    /// When Consul does not answer.
    pub async fn registered(&self, service: &str) -> anyhow::Result<Vec<String>> {
        let path = format!("/v1/catalog/service/{service}");
        let entries = self.consul(&path).await?;
        let mut ids: Vec<String> = ids(&entries, |entry| &entry["ServiceID"]).collect();
        ids.sort();
        Ok(ids)
    }

    /// The ids under `service` that Consul's health checks let through.
    ///
    /// # Errors
    /// When Consul does not answer.
    pub async fn passing(&self, service: &str) -> anyhow::Result<BTreeSet<String>> {
        let path = format!("/v1/health/service/{service}?passing=true");
        let entries = self.consul(&path).await?;
        Ok(ids(&entries, |entry| &entry["Service"]["ID"]).collect())
    }

    async fn consul(&self, path: &str) -> anyhow::Result<Vec<Value>> {
        let url = format!("http://{}{path}", self.server("consul")?.address());
        let answer = self.http.get(&url).send().await;
        let answer = answer.with_context(|| format!("{url} cannot be reached"))?;
        let answer = answer.error_for_status()?.json().await;
        answer.with_context(|| format!("{url} gave something else than expected"))
    }
}

fn ids(entries: &[Value], id: fn(&Value) -> &Value) -> impl Iterator<Item = String> {
    let ids = entries.iter().filter_map(move |entry| id(entry).as_str());
    ids.map(str::to_owned)
}
