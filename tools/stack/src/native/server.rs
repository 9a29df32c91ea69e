//! One server that runs as a process of this machine, of whatever kind.

use std::{
    path::{Path, PathBuf},
    process::ExitStatus,
    sync::Arc,
    time::Duration,
};

use anyhow::{Context, ensure};
use nix::sys::signal::Signal;
use parking_lot::Mutex;
use tempfile::TempDir;

use super::{
    kind::{self, ServerKind, Setting},
    log::{Log, Sink},
    network::Network,
    process::Process,
    program::find_program,
};
use crate::{ports::Port, wait::until};

/// How long a server may take until it is ready, and until it has ended.
const READY_WITHIN: Duration = Duration::from_secs(30);
const STOPPED_WITHIN: Duration = Duration::from_secs(15);

/// Starts a program that is not told by a signal that its file may not grow. The write then fails, as it does on a full
/// disk, which is what a limit on its files stands for.
const DEAF: &str = r#"trap "" XFSZ; exec "$0" "$@""#;

/// A server with its ports, its password and its data, all of which it keeps over restarts.
#[derive(Debug)]
pub struct Server {
    kind: &'static ServerKind,
    name: String,
    root: PathBuf,
    network: Arc<Network>,
    http: reqwest::Client,
    sink: Option<Sink>,
    // Dropped in this order: the process first, then the folder that it writes into.
    process: Mutex<Option<Process>>,
    folder: TempDir,
}

impl Server {
    /// A server that does not run yet. `network` must have its ports, and its password if it has one.
    ///
    /// # Errors
    /// When it can have no folder of its own.
    pub(crate) fn new(
        kind: &'static ServerKind,
        name: &str,
        root: &Path,
        network: &Arc<Network>,
        http: reqwest::Client,
        sink: Option<Sink>,
    ) -> anyhow::Result<Server> {
        let folder = tempfile::Builder::new()
            .prefix(&format!("goatscale-{name}-"))
            .tempdir()
            .context("cannot create a temporary folder")?;
        Ok(Server {
            kind,
            name: name.to_owned(),
            root: root.to_owned(),
            network: Arc::clone(network),
            http,
            sink,
            process: Mutex::default(),
            folder,
        })
    }

    /// The name of its service in the compose file, such as "consul".
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Host and port that it is reached on.
    #[must_use]
    pub fn address(&self) -> String {
        let port = self.kind.ports.first();
        let port = port.and_then(|inner| self.network.port(&self.name, *inner).ok());
        port.map_or_else(String::new, Port::address)
    }

    /// Its password, which differs from stack to stack.
    ///
    /// # Errors
    /// When it has none.
    pub fn password(&self) -> anyhow::Result<&str> {
        self.network.password(&self.name)
    }

    /// A URL for its clients, with the password in it. The scheme is theirs.
    ///
    /// # Errors
    /// When it has no password.
    pub fn url(&self, scheme: &str) -> anyhow::Result<String> {
        Ok(format!(
            "{scheme}://:{}@{}",
            self.password()?,
            self.address()
        ))
    }

    /// The folder that it keeps its data in.
    #[must_use]
    pub fn data(&self) -> PathBuf {
        kind::data(self.folder.path())
    }

    /// Its process id.
    ///
    /// # Errors
    /// When it does not run.
    pub fn pid(&self) -> anyhow::Result<u32> {
        let process = self.process.lock();
        let id = process.as_ref().and_then(Process::id);
        id.with_context(|| self.does_not_run())
    }

    /// Whether it runs. One that has ended by itself does not.
    #[must_use]
    pub fn runs(&self) -> bool {
        let mut process = self.process.lock();
        let runs = |process: &mut Process| process.ensure_running().is_ok();
        process.as_mut().is_some_and(runs)
    }

    /// What it has logged since its last start, if it runs.
    #[must_use]
    pub fn log(&self) -> Option<Log> {
        let process = self.process.lock();
        process.as_ref().map(|process| process.log().clone())
    }

    /// Starts it with the repository's configuration and the data that it had, and waits until it is ready.
    ///
    /// # Errors
    /// When it runs already, is not installed, or is not ready within 30 seconds.
    pub async fn start(&self) -> anyhow::Result<()> {
        ensure!(!self.runs(), "{} runs already", self.name);
        let setting = Setting {
            name: &self.name,
            root: &self.root,
            folder: self.folder.path(),
            network: &self.network,
        };
        let ready = (self.kind.ready)(&setting)?;
        let mut arguments = vec![
            "-c".into(),
            DEAF.into(),
            find_program(self.kind)?.into_os_string(),
        ];
        arguments.extend((self.kind.arguments)(&setting)?);
        let shell = Path::new("/bin/sh");
        let mut process = Process::spawn(&self.name, shell, arguments, [], self.sink.clone())?;
        let (what, address) = (format!("the start of {}", self.name), self.address());
        let ready = until(&what, READY_WITHIN, async || {
            ready.ask(&self.http, &address).await
        });
        process.ready_when(ready).await?;
        *self.process.lock() = Some(process);
        Ok(())
    }

    /// Ends it with SIGTERM, and waits until it has ended. What it is configured to keep, it keeps. One that does not
    /// run is left in peace.
    ///
    /// # Errors
    /// When the system refuses the signal.
    pub async fn stop(&self) -> anyhow::Result<()> {
        let process = self.process.lock().take();
        if let Some(mut process) = process {
            process.stop(STOPPED_WITHIN).await?;
        }
        Ok(())
    }

    /// Ends it with SIGKILL, as a power cut would, and waits until it is gone.
    ///
    /// # Errors
    /// When it does not run, or the system refuses the signal.
    pub async fn kill(&self) -> anyhow::Result<ExitStatus> {
        let process = self.process.lock().take();
        let mut process = process.with_context(|| self.does_not_run())?;
        process.kill().await
    }

    /// Sends a signal and returns at once. SIGSTOP freezes it, SIGCONT lets it go on.
    ///
    /// # Errors
    /// When it does not run, or the system refuses the signal.
    pub fn signal(&self, signal: Signal) -> anyhow::Result<()> {
        let process = self.process.lock();
        let process = process.as_ref().with_context(|| self.does_not_run())?;
        process.signal(signal)
    }

    fn does_not_run(&self) -> String {
        format!("{} does not run", self.name)
    }
}
