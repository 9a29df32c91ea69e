//! Consul as the native engine runs it: one agent, which begins with an empty catalogue.

use std::ffi::OsString;

use super::{
    kind::{ServerKind, Setting},
    ready::Ready,
};

/// The port of its HTTP API, and those on which servers of one data centre talk to each other.
pub(crate) const HTTP: u16 = 8500;
const SERVER: u16 = 8300;
const SERF: u16 = 8301;

/// HashiCorp's Consul.
pub(crate) const CONSUL: ServerKind = ServerKind {
    image: "hashicorp/consul",
    program: "consul",
    cure: "brew install hashicorp/tap/consul, or see https://developer.hashicorp.com/consul/install",
    ports: &[HTTP, SERVER, SERF],
    password: None,
    arguments,
    ready,
};

/// What the compose file gives as command, then the repository's configuration, then what must differ here: the last
/// word wins in Consul.
fn arguments(setting: &Setting<'_>) -> anyhow::Result<Vec<OsString>> {
    let port = |inner| Ok::<_, anyhow::Error>(setting.network.port(setting.name, inner)?.number());
    let arguments = [
        "agent".to_owned(),
        "-dev".to_owned(),
        format!("-config-dir={}", setting.root.join("consul").display()),
        "-bind=127.0.0.1".to_owned(),
        "-client=127.0.0.1".to_owned(),
        format!("-http-port={}", port(HTTP)?),
        format!("-server-port={}", port(SERVER)?),
        format!("-serf-lan-port={}", port(SERF)?),
        "-serf-wan-port=-1".to_owned(),
        "-dns-port=-1".to_owned(),
        "-grpc-port=-1".to_owned(),
    ];
    Ok(arguments.map(OsString::from).into())
}

/// It takes registrations as soon as it leads itself. Until then the name of the leader is an empty string, as JSON.
fn ready(_: &Setting<'_>) -> anyhow::Result<Ready> {
    Ok(Ready::Http {
        host: None,
        path: "/v1/status/leader",
        accepts: |leader| leader.trim() != r#""""#,
    })
}
