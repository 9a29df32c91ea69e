//! `VictoriaMetrics`, which is asked as Prometheus is. No system here needs it. Tests run it beside Prometheus: what both answer alike is
//! no peculiarity of one of them.

use std::{ffi::OsString, sync::Arc};

use anyhow::Context;

use super::{
    kind::{ServerKind, Setting},
    network::Network,
    ready::Ready,
    server::Server,
    stack::Stack,
};
use crate::ports::Port;

const PORT: u16 = 8428;

/// The other one that asks all replicas how they are, by the same file.
pub const VICTORIA_METRICS: ServerKind = ServerKind {
    image: "victoriametrics/victoria-metrics",
    program: "victoria-metrics",
    cure: "brew install victoriametrics, or see https://docs.victoriametrics.com/victoriametrics/quick-start/",
    ports: &[PORT],
    password: None,
    arguments,
    ready,
};

impl Stack {
    /// Starts it beside Prometheus, with the very file that Prometheus has here. It ends when the value is dropped.
    ///
    /// # Errors
    /// When it is not installed, or does not get ready.
    pub async fn victoria_metrics(&self) -> anyhow::Result<Server> {
        let name = VICTORIA_METRICS.program;
        let data = self.server("prometheus")?.data();
        let folder = data.parent().context("a folder stands in another")?;
        let mut network = Network::default();
        network.add_port(name, PORT, Port::reserve()?);
        let (network, http) = (Arc::new(network), self.http.clone());
        let server = Server::new(&VICTORIA_METRICS, name, folder, &network, http, None)?;
        server.start().await?;
        Ok(server)
    }
}

/// What its root holds is not the repository, but the files that Prometheus was given.
fn arguments(setting: &Setting<'_>) -> anyhow::Result<Vec<OsString>> {
    let configuration = setting.root.join("prometheus.yml");
    let address = setting.network.port(setting.name, PORT)?.address();
    let mut folder = OsString::from("-storageDataPath=");
    folder.push(setting.data());
    let arguments = [
        format!("-httpListenAddr={address}"),
        format!("-promscrape.config={}", configuration.display()),
        // The rules stand in the same file, and are not its business.
        "-promscrape.config.strictParse=false".to_owned(),
        // It asks Consul every half minute where nobody says otherwise, and answers of the last half minute are kept back.
        "-promscrape.consulSDCheckInterval=1s".to_owned(),
        "-search.latencyOffset=1s".to_owned(),
        "-search.maxQueryDuration=5s".to_owned(),
        "-search.maxConcurrentRequests=4".to_owned(),
        "-memory.allowedBytes=96MiB".to_owned(),
        "-loggerLevel=WARN".to_owned(),
    ];
    let arguments = arguments.into_iter().map(OsString::from);
    Ok(arguments.chain([folder]).collect())
}

fn ready(_: &Setting<'_>) -> anyhow::Result<Ready> {
    Ok(Ready::Http {
        host: None,
        path: "/health",
        accepts: |answer| answer.trim() == "OK",
    })
}
