//! `VictoriaLogs` as the native engine runs it, with the records that it had.

use std::ffi::OsString;

use super::{
    kind::{ServerKind, Setting},
    ready::Ready,
};

const PORT: u16 = 9428;

/// The store of all records.
pub(crate) const VICTORIA_LOGS: ServerKind = ServerKind {
    image: "victoriametrics/victoria-logs",
    program: "victoria-logs",
    cure: "brew install victorialogs, or see https://docs.victoriametrics.com/victorialogs/quickstart/",
    ports: &[PORT],
    password: None,
    arguments,
    ready,
};

/// What the compose file gives as command, with a folder and an address of this machine.
fn arguments(setting: &Setting<'_>) -> anyhow::Result<Vec<OsString>> {
    let mut folder = OsString::from("-storageDataPath=");
    folder.push(setting.data());
    let address = setting.network.port(setting.name, PORT)?.address();
    let address = format!("-httpListenAddr={address}");
    let arguments = [
        address.as_str(),
        "-retentionPeriod=7d",
        "-retention.maxDiskSpaceUsageBytes=1GiB",
        "-storage.minFreeDiskSpaceBytes=1GiB",
        "-memory.allowedBytes=96MiB",
        "-search.maxQueryDuration=5s",
        "-search.maxConcurrentRequests=4",
        "-search.maxQueueDuration=1s",
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
