//! One replica of a service that this repository builds.

use std::{collections::BTreeMap, path::Path, process::ExitStatus, time::Duration};

use anyhow::{Context, bail};
use nix::sys::signal::Signal;
use serde_json::Value;

use super::{
    log::{Log, Sink},
    process::Process,
};
use crate::wait::until;

const READY_WITHIN: Duration = Duration::from_secs(20);

/// How long a replica may take from SIGTERM to its end, beside the time for which it was given leave to go on.
const ENDED_WITHIN: Duration = Duration::from_secs(20);

/// The variable with that time, in seconds. Only what holds something that others wait for has one.
const LEAVE: &str = "DRAIN";

/// One replica of a service, as a process.
#[derive(Debug)]
pub struct Replica {
    id: String,
    address: String,
    process: Process,
    ended_within: Duration,
}

impl Replica {
    /// Starts a replica and waits until it says where it serves.
    pub(super) async fn start(
        id: &str,
        binary: &Path,
        mut environment: BTreeMap<String, String>,
        sink: Option<Sink>,
    ) -> anyhow::Result<Replica> {
        environment.insert("REPLICA_ID".to_owned(), id.to_owned());
        // The log is how a replica that chose its own port tells us which, and JSON is made for reading.
        environment.insert("LOG_FORMAT".to_owned(), "json".to_owned());
        let leave = environment.get(LEAVE).and_then(|text| text.parse().ok());
        let leave = Duration::try_from_secs_f64(leave.unwrap_or_default()).unwrap_or_default();
        let arguments: [&str; 0] = [];
        let mut process = Process::spawn(id, binary, arguments, environment, sink)?;
        let log = process.log().clone();
        let address = tokio::select! {
            Some(address) = log.find(bound_address) => address,
            status = process.wait(READY_WITHIN) => match status {
                Ok(status) => bail!("{id} ended with {status} at its start:\n{}", log.tail(15)),
                Err(error) => return Err(error.context("it never said where it serves")),
            },
        };
        Ok(Replica {
            id: id.to_owned(),
            address,
            process,
            ended_within: ENDED_WITHIN + leave,
        })
    }

    /// Its id, which it also names itself by in every answer.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Host and port of its own, past Traefik.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Its process id, while it runs.
    #[must_use]
    pub fn pid(&self) -> Option<u32> {
        self.process.id()
    }

    /// What it has logged.
    #[must_use]
    pub fn log(&self) -> &Log {
        self.process.log()
    }

    /// Closes its standard output and its standard error, as it happens to a process whose terminal is gone.
    pub async fn stop_reading(&mut self) {
        self.process.stop_reading().await;
    }

    /// Waits until the replica calls itself ready.
    ///
    /// # Errors
    /// When it does not within 20 seconds.
    pub async fn ready(&self, client: &reqwest::Client) -> anyhow::Result<()> {
        let url = format!("http://{}/health/ready", self.address);
        until(
            &format!("{}'s getting ready", self.id),
            READY_WITHIN,
            async || {
                let response = client
                    .get(&url)
                    .send()
                    .await
                    .map_err(|error| error.to_string())?;
                if response.status().is_success() {
                    Ok(())
                } else {
                    Err(response.text().await.unwrap_or_default())
                }
            },
        )
        .await
    }

    /// Sends a signal and returns at once.
    ///
    /// # Errors
    /// When the system refuses it.
    pub fn signal(&self, signal: Signal) -> anyhow::Result<()> {
        self.process.signal(signal)
    }

    /// Waits for the replica to end by itself.
    ///
    /// # Errors
    /// When it has not after `limit`.
    pub async fn wait(&mut self, limit: Duration) -> anyhow::Result<ExitStatus> {
        self.process.wait(limit).await
    }

    /// Asks it to end with SIGTERM, and waits until it has. If that takes 20 seconds more than it may go on, SIGKILL ends it.
    ///
    /// # Errors
    /// When the system refuses the signal.
    pub async fn stop(&mut self) -> anyhow::Result<ExitStatus> {
        self.process.stop(self.ended_within).await
    }

    /// Ends it with SIGKILL, and waits until it is gone.
    ///
    /// # Errors
    /// When the system refuses the signal.
    pub async fn kill(&mut self) -> anyhow::Result<ExitStatus> {
        self.process
            .kill()
            .await
            .with_context(|| format!("cannot kill {}", self.id))
    }
}

/// Reads the bound address from the log line that tells it. The line is known by its target; its sentence is for people.
fn bound_address(line: &str) -> Option<String> {
    let event: Value = serde_json::from_str(line).ok()?;
    (event["target"] == "service::serving").then(|| event["address"].as_str().map(str::to_owned))?
}
