//! Alertmanager as the native engine runs it, and the name by which it reaches a replica of the web server.

use std::{ffi::OsString, fs, net::TcpListener as StdListener, path::Path, time::Duration};

use anyhow::Context;
use serde_json::Value;
use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    time::timeout,
};

use super::{
    consul,
    kind::{ServerKind, Setting},
    prometheus::{read, write},
    ready::Ready,
};
use crate::http_client::http_client;

const PORT: u16 = 9093;

/// What the configuration calls the ops port of any replica of the web server.
const SERVICE: &str = "webserver";
const OPS: &str = "webserver:9100";

const CALL_TIMEOUT: Duration = Duration::from_secs(2);

/// Who tells of alerts.
pub(crate) const ALERTMANAGER: ServerKind = ServerKind {
    image: "prom/alertmanager",
    program: "alertmanager",
    cure: "brew install alertmanager, or see https://prometheus.io/download/#alertmanager",
    ports: &[PORT],
    password: None,
    arguments,
    ready,
};

/// What the compose file gives as command, with a folder and addresses of this machine.
fn arguments(setting: &Setting<'_>) -> anyhow::Result<Vec<OsString>> {
    let source = setting
        .root
        .join("observability/alertmanager/alertmanager.yml");
    let text = setting.network.of_this_machine(&read(&source)?);
    let consul = setting.network.port("consul", consul::HTTP)?.address();
    let replicas = any_replica(setting.folder, consul)?;
    let target = setting.folder.join("alertmanager.yml");
    write(&target, &text.replace(OPS, &replicas))?;
    let address = setting.network.port(setting.name, PORT)?.address();
    let mut folder = OsString::from("--storage.path=");
    folder.push(setting.data());
    let arguments = [
        format!("--config.file={}", target.display()),
        format!("--web.listen-address={address}"),
        "--cluster.listen-address=".to_owned(),
        "--web.get-concurrency=8".to_owned(),
        "--web.timeout=5s".to_owned(),
        "--log.level=warn".to_owned(),
    ];
    let arguments = arguments.into_iter().map(OsString::from);
    Ok(arguments.chain([folder]).collect())
}

fn ready(_: &Setting<'_>) -> anyhow::Result<Ready> {
    Ok(Ready::Http {
        host: None,
        path: "/-/ready",
        accepts: |_| true,
    })
}

/// An address that leads to the ops port of any replica which is well. In containers the name `webserver` does so, because Docker answers
/// for it; here somebody has to know where they are at each moment, and Consul does.
///
/// It is the same one after a restart, and ends with the runtime that it was started on.
fn any_replica(folder: &Path, consul: String) -> anyhow::Result<String> {
    let known = folder.join("any-replica");
    if let Ok(address) = fs::read_to_string(&known) {
        return Ok(address);
    }
    let listener = StdListener::bind("127.0.0.1:0").context("no port is free")?;
    listener.set_nonblocking(true)?;
    let address = listener.local_addr()?.to_string();
    let listener = TcpListener::from_std(listener)?;
    let http = http_client(CALL_TIMEOUT)?;
    write(&known, &address)?;
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            tokio::spawn(forward(client, http.clone(), consul.clone()));
        }
    });
    Ok(address)
}

/// Leads one connection on. Where no replica is well it is closed, and whoever made it tries again.
async fn forward(mut client: TcpStream, http: reqwest::Client, consul: String) {
    let Some(address) = replica(&http, &consul).await else {
        return;
    };
    if let Ok(Ok(mut replica)) = timeout(CALL_TIMEOUT, TcpStream::connect(address)).await {
        // Who breaks off is noticed at the other end.
        let _ = copy_bidirectional(&mut client, &mut replica).await;
    }
}

/// The ops port of a replica that Consul calls well.
async fn replica(http: &reqwest::Client, consul: &str) -> Option<String> {
    let url = format!("http://{consul}/v1/health/service/{SERVICE}?passing=true");
    let answer = http.get(url).send().await.ok()?;
    let entries: Vec<Value> = answer.json().await.ok()?;
    entries.iter().find_map(ops_address)
}

fn ops_address(entry: &Value) -> Option<String> {
    let service = &entry["Service"];
    let port = service["Meta"]["ops_port"].as_str()?;
    Some(format!("{}:{port}", service["Address"].as_str()?))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn who_has_no_ops_port_is_not_led_to() {
        let meta = json!({ "Service": { "Address": "127.0.0.1", "Meta": { "ops_port": "9" } } });
        assert_eq!(ops_address(&meta).as_deref(), Some("127.0.0.1:9"));
        let none = json!({ "Service": { "Address": "127.0.0.1", "Meta": {} } });
        assert_eq!(ops_address(&none), None);
    }
}
