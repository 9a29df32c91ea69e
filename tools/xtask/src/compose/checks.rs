//! What must hold of a system that Docker Compose runs.

use std::{collections::BTreeSet, time::Duration};

use anyhow::{bail, ensure};
use course::{process, report::Done};
use serde_json::Value;
use stack::{Compose, Load, Topology, http_client, until};

use crate::docker;

/// The containers of the project, as `docker inspect` describes them.
async fn containers(compose: &Compose) -> anyhow::Result<Vec<Value>> {
    let ids = compose.run(&["ps", "--all", "--quiet"]).await?;
    let mut inspect = std::process::Command::new("docker");
    inspect.arg("inspect").args(ids.lines());
    Ok(serde_json::from_str(&process::read(&mut inspect)?)?)
}

pub async fn healthy(compose: &Compose) -> anyhow::Result<Done> {
    for container in containers(compose).await? {
        let health = &container["State"]["Health"]["Status"];
        ensure!(health == "healthy", "{} is {health}", container["Name"]);
    }
    Ok(Done::Passed)
}

pub async fn closed(compose: &Compose) -> anyhow::Result<Done> {
    for container in containers(compose).await? {
        let name = &container["Name"];
        let user = container["Config"]["User"].as_str().unwrap_or_default();
        let is_root = matches!(user.split(':').next(), None | Some("" | "0" | "root"));
        ensure!(!is_root, "{name} runs as {user:?}");
        let ports = container["NetworkSettings"]["Ports"].as_object();
        for binding in ports
            .into_iter()
            .flat_map(|ports| ports.values())
            .filter_map(Value::as_array)
            .flatten()
        {
            ensure!(
                binding["HostIp"] == "127.0.0.1",
                "{name} publishes {binding}"
            );
        }
    }
    Ok(Done::Passed)
}

/// Asks for `path` of `host` until somebody answers with 200. A replica is healthy a moment before Traefik
/// has heard of it.
pub async fn get(compose: &Compose, host: &str, path: &str) -> anyhow::Result<String> {
    let client = http_client(Duration::from_secs(5))?;
    let url = format!("http://127.0.0.1:{}{path}", compose.port());
    until(
        &format!("an answer of {host}{path}"),
        Duration::from_secs(30),
        async || {
            let answer = client
                .get(&url)
                .header("host", host)
                .send()
                .await
                .map_err(|error| error.to_string())?;
            let status = answer.status();
            let text = answer.text().await.map_err(|error| error.to_string())?;
            if status == 200 {
                Ok(text)
            } else {
                Err(format!("{status}: {text}"))
            }
        },
    )
    .await
}

pub async fn interfaces(compose: &Compose, topology: &Topology) -> anyhow::Result<Done> {
    for name in docker::interfaces(topology) {
        let path = match name.as_str() {
            "traefik" => "/dashboard/",
            "consul" => "/ui/",
            _ => "/",
        };
        let host = format!("{name}.localhost");
        let page = get(compose, &host, path).await?.to_lowercase();
        ensure!(
            page.contains("<html"),
            "{host}{path} is not a page: {page:.200}"
        );
    }
    Ok(Done::Passed)
}

/// What shows the inside of a server must not be a way to change it.
pub async fn viewers_only_show(compose: &Compose, topology: &Topology) -> anyhow::Result<Done> {
    let client = http_client(Duration::from_secs(5))?;
    let servers = topology.services_of("redis").map(|(name, _)| name);
    let viewed: Vec<String> = docker::interfaces(topology).collect();
    for name in servers.filter(|name| viewed.iter().any(|viewed| viewed == name)) {
        let host = format!("{name}.localhost");
        let connections = get(compose, &host, "/connections").await?;
        let connections: Value = serde_json::from_str(&connections)?;
        let id = connections["connections"][0]["conId"]
            .as_str()
            .unwrap_or_default();
        let url = format!("http://127.0.0.1:{}", compose.port());
        let run = client
            .post(format!("{url}/apiv2/exec/{id}"))
            .header("host", &host)
            .json(&serde_json::json!({ "cmd": "set intruder 1" }));
        let answer = run.send().await?.text().await?;
        let refused = answer.contains("not read-only") || answer.contains("NOPERM");
        ensure!(refused, "{host} answers a command that writes: {answer}");
        let delete = client
            .post(format!("{url}/apiv2/key/{id}/any?action=delete"))
            .header("host", &host);
        let status = delete.send().await?.status();
        ensure!(status == 404, "{host} lets a deletion through: {status}");
        let foreign = client
            .post(format!("{url}/apiv2/exec/{id}"))
            .header("host", &host)
            .header("sec-fetch-site", "cross-site");
        let status = foreign.send().await?.status();
        ensure!(status == 404, "{host} obeys another site: {status}");
        // Consul believes everybody on its network, so a viewer must not be there.
        let viewer = format!("{name}-viewer");
        let ask = "fetch('http://consul:8500/v1/status/leader').then(() => console.log('reached'), () => console.log('not there'))";
        let command = ["exec", "-T", &viewer, "node", "-e", ask];
        let reached = compose.run(&command).await?;
        ensure!(
            reached.trim() == "not there",
            "{viewer} at Consul: {reached}"
        );
    }
    Ok(Done::Passed)
}

pub async fn rotation(
    compose: &Compose,
    topology: &Topology,
    service: &str,
    replicas: usize,
) -> anyhow::Result<Done> {
    let way = topology.built_service(service)?.way(service);
    until(
        &format!("an answer of {replicas} replicas to 30 requests"),
        Duration::from_secs(60),
        async || {
            let mut answered = BTreeSet::new();
            for _ in 0..30 {
                let text = get(compose, &way.host, &way.path)
                    .await
                    .map_err(|error| format!("{error:#}"))?;
                let body: Value = serde_json::from_str(&text).map_err(|error| error.to_string())?;
                let id = stack::named_in(&body);
                answered.insert(id.map_err(|error| error.to_string())?);
            }
            if answered.len() == replicas {
                Ok(Done::Passed)
            } else {
                Err(format!("{answered:?} answered"))
            }
        },
    )
    .await
}

pub async fn scale_down(
    compose: &Compose,
    topology: &Topology,
    service: &str,
    scales: &[(&str, usize)],
) -> anyhow::Result<Done> {
    let way = topology.built_service(service)?.way(service);
    let load = Load::on(&format!("127.0.0.1:{}", compose.port()), &way);
    load.answered(200).await?;
    compose.up(false, scales).await?;
    load.answered(400).await?;
    let tally = load.finish().await;
    ensure!(tally.failed == 0, "{tally:#?}");
    Ok(Done::Passed)
}

pub async fn port_is_taken(compose: &Compose, service: &str) -> anyhow::Result<Done> {
    match compose.up(false, &[(service, 2)]).await {
        Ok(_) => bail!("a second replica of {service} started"),
        Err(error) if error.to_string().contains("port is already allocated") => Ok(Done::Passed),
        Err(error) => Err(error.context("it failed, but not because the port is taken")),
    }
}

pub async fn nothing_is_left(compose: &Compose) -> anyhow::Result<()> {
    let left = compose.run(&["ps", "--all", "--quiet"]).await?;
    ensure!(left.trim().is_empty(), "containers are left: {left}");
    Ok(())
}
