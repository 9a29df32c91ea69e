//! Prometheus as the native engine runs it: with the repository's configuration and rules, and this machine's addresses in them.

use std::{ffi::OsString, fs, path::Path};

use anyhow::Context;

use super::{
    kind::{ServerKind, Setting},
    ready::Ready,
};

const PORT: u16 = 9090;

/// Who asks all replicas how they are.
pub(crate) const PROMETHEUS: ServerKind = ServerKind {
    image: "prom/prometheus",
    program: "prometheus",
    cure: "brew install prometheus, or see https://prometheus.io/docs/prometheus/latest/installation/ (Debian's own cannot ask Consul)",
    ports: &[PORT],
    password: None,
    arguments,
    ready,
};

/// What the compose file gives as command, with a folder and an address of this machine.
fn arguments(setting: &Setting<'_>) -> anyhow::Result<Vec<OsString>> {
    let configuration = write_configuration(setting)?;
    let address = setting.network.port(setting.name, PORT)?.address();
    let mut folder = OsString::from("--storage.tsdb.path=");
    folder.push(setting.data());
    let arguments = [
        format!("--config.file={configuration}"),
        format!("--web.listen-address={address}"),
        "--storage.tsdb.retention.time=7d".to_owned(),
        "--storage.tsdb.retention.size=512MB".to_owned(),
        "--query.timeout=5s".to_owned(),
        "--query.max-concurrency=4".to_owned(),
        "--query.max-samples=5000000".to_owned(),
        "--rules.alert.resend-delay=5s".to_owned(),
        "--web.max-connections=64".to_owned(),
        "--log.level=warn".to_owned(),
    ];
    let arguments = arguments.into_iter().map(OsString::from);
    Ok(arguments.chain([folder]).collect())
}

/// Writes `prometheus.yml` with this machine's addresses into the server's folder, beside it the rules as they are. Gives its path.
fn write_configuration(setting: &Setting<'_>) -> anyhow::Result<String> {
    let source = setting.root.join("observability/prometheus");
    let target = setting.folder.join("prometheus.yml");
    let text = read(&source.join("prometheus.yml"))?;
    write(&target, &setting.network.of_this_machine(&text))?;
    let rules = setting.folder.join("rules");
    fs::create_dir_all(&rules).with_context(|| format!("cannot create {}", rules.display()))?;
    let entries = fs::read_dir(source.join("rules"));
    for entry in entries.context("there are no rules for Prometheus")? {
        let entry = entry?;
        write(&rules.join(entry.file_name()), &read(&entry.path())?)?;
    }
    Ok(target.to_string_lossy().into_owned())
}

fn ready(_: &Setting<'_>) -> anyhow::Result<Ready> {
    Ok(Ready::Http {
        host: None,
        path: "/-/ready",
        accepts: |_| true,
    })
}

pub(super) fn read(path: &Path) -> anyhow::Result<String> {
    fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}

pub(super) fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
}
