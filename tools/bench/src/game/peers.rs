//! Servers that are not ours: the limit, and those in Node.

use std::path::PathBuf;

use anyhow::{Context, ensure};
use stack::{Port, workspace_root};
use tokio::{
    io::{AsyncBufReadExt, BufReader, Lines},
    process::{Child, ChildStdout, Command},
};

use super::options::Options;

/// Where the servers in Node are.
fn folder() -> PathBuf {
    workspace_root().join("tools/bench/peers")
}

/// Installs what the servers in Node need, and bundles them with the rules.
///
/// # Errors
/// When there is no Node, or a package cannot be fetched.
pub async fn build() -> anyhow::Result<()> {
    for words in [&["ci", "--no-fund", "--no-audit"][..], &["run", "build"]] {
        let mut npm = Command::new("npm");
        npm.args(words).arg("--silent").current_dir(folder());
        let done = npm.status().await.context(
            "npm cannot be run; install Node, or leave ws and colyseus out: --servers ours,raw",
        )?;
        ensure!(
            done.success(),
            "npm {} has failed in tools/bench/peers",
            words.join(" ")
        );
    }
    Ok(())
}

/// A server in Node, on a port.
#[must_use]
pub fn node(script: &str, port: &Port) -> Command {
    let mut node = Command::new("node");
    node.arg(folder().join("dist").join(script))
        .arg(port.number().to_string());
    node.env("NODE_ENV", "production");
    node
}

/// The players of Colyseus, which speak its own protocol and so are its own clients. They leave with this value.
pub struct ColyseusClients {
    lines: Lines<BufReader<ChildStdout>>,
    _process: Child,
}

impl ColyseusClients {
    /// Lets so many in, and waits until all are.
    ///
    /// # Errors
    /// When they cannot be started, or do not get in.
    pub async fn enter(port: u16, options: &Options) -> anyhow::Result<ColyseusClients> {
        let mut node = Command::new("node");
        node.arg(folder().join("dist/colyseus-clients.mjs"));
        node.args([port.to_string(), options.players().to_string()]);
        node.arg(options.inputs.to_string());
        let mut process = node
            .stdout(std::process::Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let output = process.stdout.take().context("it has no output")?;
        let mut clients = ColyseusClients {
            lines: BufReader::new(output).lines(),
            _process: process,
        };
        let first = clients.lines.next_line().await?;
        ensure!(
            first.as_deref() == Some("ready"),
            "Colyseus' clients do not get in"
        );
        Ok(clients)
    }

    /// The next count of all states that they were told: one a second.
    ///
    /// # Errors
    /// When they have ended.
    pub async fn states(&mut self) -> anyhow::Result<u64> {
        let line = self
            .lines
            .next_line()
            .await?
            .context("Colyseus' clients have ended")?;
        Ok(line.parse()?)
    }
}
