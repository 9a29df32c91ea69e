//! The board, which stands natively where Grafana is in containers: it draws the same files.

use std::ffi::OsString;

use super::{
    kind::{ServerKind, Setting},
    ready::Ready,
};

const PORT: u16 = 3000;

/// Who draws the boards. It is built from this repository.
pub(crate) const BOARD: ServerKind = ServerKind {
    image: "grafana/grafana",
    program: "board",
    cure: "cargo build --package board",
    ports: &[PORT],
    password: None,
    arguments,
    ready,
};

fn arguments(setting: &Setting<'_>) -> anyhow::Result<Vec<OsString>> {
    let address = |text: &str| setting.network.of_this_machine(text);
    let mut dashboards = OsString::from("--dashboards=");
    dashboards.push(setting.root.join("observability/dashboards"));
    let listen = setting.network.port(setting.name, PORT)?.address();
    let arguments = [
        format!("--listen={listen}"),
        format!("--prometheus={}", address("http://prometheus:9090")),
        format!("--alertmanager={}", address("http://alertmanager:9093")),
    ];
    let arguments = arguments.into_iter().map(OsString::from);
    Ok(arguments.chain([dashboards]).collect())
}

fn ready(_: &Setting<'_>) -> anyhow::Result<Ready> {
    Ok(Ready::Http {
        host: None,
        path: "/api/health",
        accepts: |answer| answer.trim() == "well",
    })
}
