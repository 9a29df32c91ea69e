//! A network of its own for this program and all that it starts.

use std::{
    env,
    process::{ExitStatus, Stdio},
};

use anyhow::{Context, bail};
use tokio::process::Command;

/// How `unshare` is asked for it: whoever is root may have it at once, and others where the system lets them be root in a namespace.
const WAYS: [&[&str]; 2] = [&["--net"], &["--user", "--map-root-user", "--net"]];

/// Says on one line why this machine cannot do it, if it cannot.
///
/// # Errors
/// That line.
pub async fn way() -> anyhow::Result<&'static [&'static str]> {
    let mut why = String::new();
    for way in WAYS {
        let mut unshare = Command::new("unshare");
        unshare.args(way).arg("true").stdin(Stdio::null());
        let tried = unshare.output().await;
        let tried = tried.context(
            "this cannot be measured here, because it takes Linux and its program unshare",
        )?;
        if tried.status.success() {
            return Ok(way);
        }
        why = String::from_utf8_lossy(&tried.stderr).trim().to_owned();
    }
    bail!("this cannot be measured here, because no network of its own can be made: {why}")
}

/// Runs this program again with the same words in a network of its own, to its end.
///
/// # Errors
/// When it cannot be started.
pub async fn run_inside(way: &[&str]) -> anyhow::Result<ExitStatus> {
    let this = env::current_exe().context("this program has no file")?;
    let mut unshare = Command::new("unshare");
    unshare
        .args(way)
        .arg("--")
        .arg(this)
        .args(env::args_os().skip(1));
    unshare.arg("--inside").kill_on_drop(true);
    unshare.status().await.context("unshare cannot be started")
}
