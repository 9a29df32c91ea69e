//! Docker's commands.

use std::{process::Stdio, time::Duration};

use anyhow::{Context, bail};
use tokio::{process::Command, time::timeout};

/// How long a command may take: less where it is only asked whether an engine is there, for one that hangs never says so, and
/// longer where images are built and pulled.
pub(crate) const ANSWERED_WITHIN: Duration = Duration::from_secs(10);
pub(crate) const DONE_WITHIN: Duration = Duration::from_secs(120);
pub(crate) const BUILT_WITHIN: Duration = Duration::from_secs(1_800);

/// A `docker` command.
pub(crate) fn docker(words: &[&str]) -> Command {
    let mut command = Command::new("docker");
    command.args(words);
    command
}

/// Runs a command to its end, and gives what it wrote to its standard output, without the white space at its end.
///
/// # Errors
/// When it cannot start, has not ended after `limit`, or does not exit with 0; with what it wrote to standard error.
pub(crate) async fn read(mut command: Command, limit: Duration) -> anyhow::Result<String> {
    let words = command.as_std();
    let words = std::iter::once(words.get_program()).chain(words.get_args());
    let words: Vec<_> = words.map(|word| word.to_string_lossy()).collect();
    let shown = format!("`{}`", words.join(" "));
    let output = command.stdin(Stdio::null()).kill_on_drop(true).output();
    let output = timeout(limit, output)
        .await
        .with_context(|| format!("{shown} did not end within {limit:?}"))?
        .with_context(|| format!("{shown} could not be started; is Docker installed?"))?;
    if !output.status.success() {
        let error = String::from_utf8_lossy(&output.stderr);
        bail!("{shown} failed ({}): {}", output.status, error.trim());
    }
    let output = String::from_utf8_lossy(&output.stdout);
    Ok(output.trim_end().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bash(script: &str) -> Command {
        let mut command = Command::new("bash");
        command.args(["-c", script]);
        command
    }

    #[tokio::test]
    async fn a_command_gives_its_output_or_says_why_not() {
        let output = read(bash("echo out; echo err >&2"), DONE_WITHIN).await;
        assert_eq!(output.unwrap(), "out");
        let error = read(bash("echo no >&2; exit 3"), DONE_WITHIN).await;
        let error = error.unwrap_err().to_string();
        assert!(
            error.contains("exit status: 3") && error.ends_with("no"),
            "{error}"
        );
        let error = read(bash("read -r line </dev/zero"), Duration::from_millis(10)).await;
        assert!(error.unwrap_err().to_string().contains("did not end"));
    }
}
