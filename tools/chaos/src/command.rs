//! Docker's commands.

use std::{process::Stdio, time::Duration};

use anyhow::{Context, bail};
use stack::workspace_root;
use tokio::{process::Command, time::timeout};

/// The project, so that it meets no other run of the same compose file.
pub const PROJECT: &str = "goatscale-chaos";

/// A `docker` command.
#[must_use]
pub fn docker(words: &[&str]) -> Command {
    let mut command = Command::new("docker");
    command.args(words);
    command
}

/// A `docker compose` command of our project. HTTP_PORT is to be set.
#[must_use]
pub fn compose(words: &[&str]) -> Command {
    let mut command = docker(&["compose", "--project-name", PROJECT]);
    command.args(words).current_dir(workspace_root());
    command
}

/// Runs a command to its end, and gives what it wrote to its standard output.
///
/// # Errors
/// When it cannot start, has not ended after `limit`, or does not exit with 0; with what it wrote to standard error.
pub async fn output(mut command: Command, limit: Duration) -> anyhow::Result<String> {
    let shown = format!("{:?}", command.as_std());
    let output = command.stdin(Stdio::null()).kill_on_drop(true).output();
    let output = timeout(limit, output)
        .await
        .with_context(|| format!("{shown} did not end within {limit:?}"))?
        .with_context(|| format!("{shown} cannot be started; is Docker installed?"))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        bail!("{shown} failed ({}): {}", output.status, said.trim());
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
