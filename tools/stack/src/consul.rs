use std::{collections::BTreeSet, time::Duration};

use anyhow::Context;
use serde_json::Value;

use crate::{
    ports::Port,
    process::{Process, Sink},
    tools::{Tool, find_tool},
    topology::Topology,
    wait::until,
};

const READY_WITHIN: Duration = Duration::from_secs(30);

/// One Consul agent, with its ports, which it keeps over restarts.
pub struct Consul {
    http: Port,
    server: Port,
    serf: Port,
    process: Option<Process>,
    sink: Option<Sink>,
}

impl Consul {
    pub fn new(sink: Option<Sink>) -> anyhow::Result<Consul> {
        Ok(Consul {
            http: Port::reserve()?,
            server: Port::reserve()?,
            serf: Port::reserve()?,
            process: None,
            sink,
        })
    }

    /// Host and port of its HTTP API.
    pub fn address(&self) -> String {
        self.http.address()
    }

    pub fn process(&self) -> Option<&Process> {
        self.process.as_ref()
    }

    /// Starts it with an empty catalogue, and waits until it takes registrations.
    pub async fn start(
        &mut self,
        topology: &Topology,
        client: &reqwest::Client,
    ) -> anyhow::Result<()> {
        // What the compose file gives as command, then the repository's configuration, then what must differ
        // here: the last word wins in Consul.
        let arguments = [
            "agent".to_owned(),
            "-dev".to_owned(),
            format!("-config-dir={}", topology.root.join("consul").display()),
            "-bind=127.0.0.1".to_owned(),
            "-client=127.0.0.1".to_owned(),
            format!("-http-port={}", self.http.number()),
            format!("-server-port={}", self.server.number()),
            format!("-serf-lan-port={}", self.serf.number()),
            "-serf-wan-port=-1".to_owned(),
            "-dns-port=-1".to_owned(),
            "-grpc-port=-1".to_owned(),
        ];
        let program = find_tool(Tool::Consul)?;
        let process = self.process.insert(Process::spawn(
            "consul",
            &program,
            arguments,
            [],
            self.sink.clone(),
        )?);
        let url = format!("http://{}/v1/status/leader", self.http.address());
        let leads = until("Consul's election of a leader", READY_WITHIN, async || {
            let leader: String = get_json(client, &url)
                .await
                .map_err(|error| format!("{error:#}"))?;
            if leader.is_empty() {
                Err("there is no leader yet".to_owned())
            } else {
                Ok(())
            }
        });
        process.ready_when(leads).await
    }

    /// Ends it. Its catalogue is lost with it.
    pub async fn stop(&mut self) -> anyhow::Result<()> {
        if let Some(mut process) = self.process.take() {
            process.stop(Duration::from_secs(10)).await?;
        }
        Ok(())
    }

    /// The ids in its catalogue under the name of `service`, each as often as it stands there.
    pub async fn registered(
        &self,
        client: &reqwest::Client,
        service: &str,
    ) -> anyhow::Result<Vec<String>> {
        let url = format!("http://{}/v1/catalog/service/{service}", self.address());
        let entries: Vec<Value> = get_json(client, &url).await?;
        Ok(entries
            .iter()
            .filter_map(|entry| entry["ServiceID"].as_str())
            .map(str::to_owned)
            .collect())
    }

    /// The ids under the name of `service` whose checks all pass.
    pub async fn passing(
        &self,
        client: &reqwest::Client,
        service: &str,
    ) -> anyhow::Result<BTreeSet<String>> {
        let url = format!(
            "http://{}/v1/health/service/{service}?passing=true",
            self.address()
        );
        let entries: Vec<Value> = get_json(client, &url).await?;
        Ok(entries
            .iter()
            .filter_map(|entry| entry["Service"]["ID"].as_str())
            .map(str::to_owned)
            .collect())
    }
}

async fn get_json<T: serde::de::DeserializeOwned>(
    client: &reqwest::Client,
    url: &str,
) -> anyhow::Result<T> {
    let response = client
        .get(url)
        .send()
        .await
        .with_context(|| format!("{url} cannot be reached"))?;
    let response = response.error_for_status()?;
    response
        .json()
        .await
        .with_context(|| format!("{url} gave something else than expected"))
}
