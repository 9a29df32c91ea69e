//! Being told to stop.

use anyhow::Context;
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::console::Console;

/// What ends a program that runs until it is told to: signals, and a reader of its output that goes away.
///
/// SIGHUP is what a terminal sends when its window is closed.
#[derive(Debug)]
pub struct Stop {
    signals: [Signal; 3],
    console: Console,
}

impl Stop {
    /// Listens from now on. A signal ends this process no longer by itself.
    ///
    /// # Errors
    /// When the system lets nobody listen.
    pub fn listen() -> anyhow::Result<Stop> {
        let listen = |kind| signal(kind).context("cannot listen for signals");
        Ok(Stop {
            signals: [
                listen(SignalKind::interrupt())?,
                listen(SignalKind::terminate())?,
                listen(SignalKind::hangup())?,
            ],
            console: Console::default(),
        })
    }

    /// Where everything is to be written whose reader may go away.
    #[must_use]
    pub fn console(&self) -> Console {
        self.console.clone()
    }

    /// Waits for the next signal, or until nobody reads any more.
    pub async fn wait(&mut self) {
        let [interrupt, terminate, hangup] = &mut self.signals;
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
            _ = hangup.recv() => {}
            () = self.console.closed() => {}
        }
    }
}
