//! The signals that ask a process to end.
//!
//! Docker, Kubernetes and systemd all stop a process in the same way. They send SIGTERM, wait, and then send
//! SIGKILL. A server that handles SIGTERM uses the wait to finish what it has begun. One that does not is cut
//! off in the middle of a request. And as process number 1 of a container it would not even notice: the
//! kernel drops a signal to process 1 that has no handler.

use std::{fmt, io};

use tokio::signal::unix::{self, SignalKind};

/// A request to end the process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    /// SIGTERM: what `docker stop`, `kubectl delete` and `kill` send.
    Terminate,
    /// SIGINT: what Ctrl-C in a terminal sends.
    Interrupt,
}

impl Signal {
    /// The exit code that shells expect from a process that a signal ended: 128 plus the signal's number.
    pub fn exit_code(self) -> u8 {
        match self {
            Signal::Terminate => 128 + 15,
            Signal::Interrupt => 128 + 2,
        }
    }
}

impl fmt::Display for Signal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Signal::Terminate => "SIGTERM",
            Signal::Interrupt => "SIGINT",
        })
    }
}

/// The stream of requests to end this process.
#[derive(Debug)]
pub struct Signals {
    terminate: unix::Signal,
    interrupt: unix::Signal,
}

impl Signals {
    /// Takes over SIGTERM and SIGINT from the operating system's default, which is to end the process at once.
    ///
    /// Call it before the process does anything that must be undone: a signal that comes earlier still kills.
    ///
    /// # Errors
    /// When the operating system refuses the handler.
    pub fn listen() -> io::Result<Signals> {
        Ok(Signals {
            terminate: unix::signal(SignalKind::terminate())?,
            interrupt: unix::signal(SignalKind::interrupt())?,
        })
    }

    /// Waits for the next signal. Signals that came since the last call are not lost.
    pub async fn next(&mut self) -> Signal {
        tokio::select! {
            _ = self.terminate.recv() => Signal::Terminate,
            _ = self.interrupt.recv() => Signal::Interrupt,
        }
    }
}
