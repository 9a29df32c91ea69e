//! What a person sees while a run goes on. It stands on standard error, so that standard output holds the result only.

use std::{
    io::{IsTerminal, Write},
    time::{Duration, Instant},
};

use parking_lot::Mutex;

/// How often the state is shown where a new line cannot replace the one before.
const SELDOM: Duration = Duration::from_secs(10);

/// Shows how far a run is.
pub struct Console {
    terminal: bool,
    shown_at: Mutex<Instant>,
}

impl Default for Console {
    fn default() -> Console {
        Console {
            terminal: std::io::stderr().is_terminal(),
            shown_at: Mutex::new(Instant::now()),
        }
    }
}

impl Console {
    /// Shows something that stays.
    pub fn say(&self, line: &str) {
        if self.terminal {
            // Over the state, which is shown again soon.
            eprintln!("\r\x1b[K{line}");
        } else {
            eprintln!("{line}");
        }
    }

    /// Shows the state, which replaces the one before on a terminal. Elsewhere it is shown every ten seconds.
    pub fn state(&self, line: &str) {
        if self.terminal {
            eprint!("\r\x1b[K{line}");
            let _ = std::io::stderr().flush();
            return;
        }
        let mut shown_at = self.shown_at.lock();
        if shown_at.elapsed() >= SELDOM {
            *shown_at = Instant::now();
            eprintln!("{line}");
        }
    }
}
