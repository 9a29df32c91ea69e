//! A child process that ends with the value that holds it.

use std::{
    ffi::OsStr,
    path::Path,
    process::{ExitStatus, Stdio},
    time::Duration,
};

use anyhow::{Context, bail};
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use tokio::{
    process::{Child, Command},
    task::JoinHandle,
};

use super::log::{Log, Sink};

/// A child process that ends when this value is dropped.
#[derive(Debug)]
pub struct Process {
    name: String,
    child: Child,
    log: Log,
    readers: Vec<JoinHandle<()>>,
}

impl Process {
    /// Starts `program`. It gets PATH and `environment`, and nothing else of ours: a stray variable must not
    /// decide how a test ends.
    pub(crate) fn spawn(
        name: &str,
        program: &Path,
        arguments: impl IntoIterator<Item = impl AsRef<OsStr>>,
        environment: impl IntoIterator<Item = (String, String)>,
        sink: Option<Sink>,
    ) -> anyhow::Result<Process> {
        let run = sink.as_ref().and_then(Sink::run);
        let record = run.map(|run| run.record(name)).transpose()?;
        let stdin = match &record {
            Some(record) => record.stdin().context("cannot share a file")?,
            None => Stdio::null(),
        };
        let mut command = Command::new(program);
        command
            .args(arguments)
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .envs(environment)
            .stdin(stdin)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        if sink.is_some() {
            // Somebody watches at a terminal. Ctrl-C there goes to the whole group, and all would stop at
            // once; in a group of their own they can be stopped in order.
            command.process_group(0);
        }
        let mut child = command
            .spawn()
            .with_context(|| format!("cannot start {}", program.display()))?;
        if let Some((record, id)) = record.zip(child.id()) {
            record.write(id).context("cannot write a process down")?;
        }
        let log = Log::default();
        let out = child
            .stdout
            .take()
            .map(|pipe| log.follow(pipe, sink.clone()));
        let err = child.stderr.take().map(|pipe| log.follow(pipe, sink));
        let readers = out.into_iter().chain(err).collect();
        Ok(Process {
            name: name.to_owned(),
            child,
            log,
            readers,
        })
    }

    /// What this process is called in messages.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it has written so far.
    #[must_use]
    pub fn log(&self) -> &Log {
        &self.log
    }

    /// Its process id, while it runs.
    #[must_use]
    pub fn id(&self) -> Option<u32> {
        self.child.id()
    }

    /// Closes the pipes that it writes to, as it happens to a process whose terminal is gone.
    pub(crate) async fn stop_reading(&mut self) {
        for reader in self.readers.drain(..) {
            reader.abort();
            // The pipe is closed when the reader is gone. That it was stopped is no news.
            let _ = reader.await;
        }
    }

    /// Fails if the process has ended, with the last lines that it wrote.
    ///
    /// # Errors
    /// When it has ended.
    pub fn ensure_running(&mut self) -> anyhow::Result<()> {
        match self
            .child
            .try_wait()
            .context("cannot ask for a process's state")?
        {
            None => Ok(()),
            Some(status) => bail!("{} ended with {status}:\n{}", self.name, self.log.tail(15)),
        }
    }

    /// Waits until `ready` says so. A process that ends meanwhile is told of at once, and not after a limit.
    ///
    /// # Errors
    /// When `ready` gives one, or the process ends, with the last lines that it wrote.
    pub(crate) async fn ready_when(
        &mut self,
        ready: impl Future<Output = anyhow::Result<()>>,
    ) -> anyhow::Result<()> {
        tokio::select! {
            ready = ready => ready,
            status = self.child.wait() => {
                let status = status.context("cannot wait for a process")?;
                bail!("{} ended with {status} at its start:\n{}", self.name, self.log.tail(15))
            }
        }
    }

    /// Sends a signal. A process that has ended already is left in peace.
    ///
    /// # Errors
    /// When the system refuses it.
    pub fn signal(&self, signal: Signal) -> anyhow::Result<()> {
        let Some(id) = self.child.id() else {
            return Ok(());
        };
        let pid = Pid::from_raw(i32::try_from(id).context("a process id that is too large")?);
        kill(pid, signal).with_context(|| format!("cannot send {signal} to {}", self.name))
    }

    /// Waits for the process to end by itself.
    ///
    /// # Errors
    /// When it has not ended after `limit`.
    pub async fn wait(&mut self, limit: Duration) -> anyhow::Result<ExitStatus> {
        let status = tokio::time::timeout(limit, self.child.wait())
            .await
            .with_context(|| {
                format!(
                    "{} did not end within {limit:?}:\n{}",
                    self.name,
                    self.log.tail(15)
                )
            })?
            .context("cannot wait for a process")?;
        // The process has ended, but its last lines may still be in the pipe.
        // A grandchild that holds the pipe open must not be waited for.
        for reader in self.readers.drain(..) {
            let _ = tokio::time::timeout(Duration::from_secs(1), reader).await;
        }
        Ok(status)
    }

    /// Asks the process to end with SIGTERM, waits, and after `limit` ends it with SIGKILL.
    ///
    /// # Errors
    /// When the system refuses.
    pub async fn stop(&mut self, limit: Duration) -> anyhow::Result<ExitStatus> {
        self.signal(Signal::SIGTERM)?;
        match self.wait(limit).await {
            Ok(status) => Ok(status),
            Err(_) => self.kill().await,
        }
    }

    /// Ends the process with SIGKILL, which it cannot handle.
    ///
    /// # Errors
    /// When the system refuses.
    pub async fn kill(&mut self) -> anyhow::Result<ExitStatus> {
        self.signal(Signal::SIGKILL)?;
        self.wait(Duration::from_secs(10)).await
    }
}
