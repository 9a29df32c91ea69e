//! Standard output of a program that runs until it is told to stop.

use std::{
    io::{IsTerminal, Write, stdout},
    sync::Arc,
};

use parking_lot::Mutex;
use tokio::sync::watch;

/// Standard output, which somebody may close: `head` does when it has seen enough.
///
/// `println!` would panic then, and leave behind what runs. Here nothing happens but that [`Console::closed`] tells it.
#[derive(Clone, Debug)]
pub struct Console {
    // One lock for all, so that lines of different processes do not run into each other.
    closed: Arc<Mutex<watch::Sender<bool>>>,
}

impl Default for Console {
    fn default() -> Console {
        Console {
            closed: Arc::new(Mutex::new(watch::Sender::new(false))),
        }
    }
}

impl Console {
    /// Writes a line, if somebody still reads.
    pub fn say(&self, line: &str) {
        let closed = self.closed.lock();
        if writeln!(stdout(), "{line}").is_err() {
            closed.send_replace(true);
        }
    }

    /// Waits until a line could not be written.
    pub async fn closed(&self) {
        let mut closed = self.closed.lock().subscribe();
        // The sender lives in `self`, so this ends only when it is so.
        let _ = closed.wait_for(|closed| *closed).await;
    }

    /// Whether lines may have colours: on a terminal, unless NO_COLOR asks for none (<https://no-color.org>).
    #[must_use]
    pub fn has_colours(&self) -> bool {
        stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
    }
}
