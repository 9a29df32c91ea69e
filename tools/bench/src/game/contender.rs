//! One server in one round.

use std::{fmt, net::SocketAddr, process::Stdio, time::Duration};

use anyhow::{Context, bail};
use clap::ValueEnum;
use load::memory;
use stack::Port;
use tokio::{
    net::TcpStream,
    process::{Child, Command},
    time::{Instant, sleep},
};

/// Which server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub enum Kind {
    /// The game server.
    Ours,
    /// Ready frames.
    Raw,
    /// The same rules over `ws`.
    Ws,
    /// The same rules on Colyseus.
    Colyseus,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Kind::Ours => "ours",
            Kind::Raw => "raw",
            Kind::Ws => "ws",
            Kind::Colyseus => "colyseus",
        })
    }
}

/// What one server did in one round.
#[derive(Clone, Copy, Debug)]
pub struct Sample {
    /// Which server.
    pub kind: Kind,
    /// Microseconds of processor time for a second of one player.
    pub cost: f64,
    /// Bytes of memory for each player.
    pub bytes: f64,
    /// Milliseconds by which one snapshot of a hundred was late, or more; none where clients are not ours.
    pub late: Option<f64>,
    /// Snapshots a second that each player was shown.
    pub snapshots: f64,
}

/// A server process, which ends with this value.
pub struct Server {
    process: Child,
    pid: u32,
    port: Port,
}

impl Server {
    /// Starts a process that is given a port, and waits until it listens there.
    ///
    /// # Errors
    /// When it does not start.
    pub async fn start(command: impl FnOnce(&Port) -> Command) -> anyhow::Result<Server> {
        let port = Port::reserve()?;
        let mut command = command(&port);
        let process = command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .kill_on_drop(true)
            .spawn();
        let mut process = process.with_context(|| format!("cannot start {command:?}"))?;
        let pid = process.id().context("it has ended already")?;
        let deadline = Instant::now() + Duration::from_secs(20);
        while TcpStream::connect(port.address()).await.is_err() {
            if process.try_wait()?.is_some() || Instant::now() > deadline {
                bail!("it does not start: {command:?}");
            }
            sleep(Duration::from_millis(20)).await;
        }
        Ok(Server { process, pid, port })
    }

    /// Where it listens.
    ///
    /// # Errors
    /// Never: a reserved port has an address.
    pub fn address(&self) -> anyhow::Result<SocketAddr> {
        Ok(self.port.address().parse()?)
    }

    /// Its port alone.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port.number()
    }

    /// Processor time so far.
    ///
    /// # Errors
    /// When it has ended.
    pub fn processor_time(&self) -> anyhow::Result<Duration> {
        memory::processor_time(&[self.pid])
    }

    /// Bytes of memory.
    ///
    /// # Errors
    /// When it has ended.
    pub fn memory(&self) -> anyhow::Result<u64> {
        memory::resident(&[self.pid])
    }

    /// Ends it, and waits until it is gone: the next one is to have the machine for itself.
    ///
    /// # Errors
    /// When the system refuses.
    pub async fn end(mut self) -> anyhow::Result<()> {
        self.process.kill().await.context("cannot end a server")
    }
}
