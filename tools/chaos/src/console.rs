//! What a person sees while a run goes on. It is told on standard error, so that standard output holds the result only.

use std::{
    io::{IsTerminal, Write},
    sync::Mutex,
    time::{Duration, Instant},
};

/// How often the state is told where a new line cannot replace the one before.
const SELDOM: Duration = Duration::from_secs(10);

/// Tells how far a run is.
pub struct Console {
    terminal: bool,
    told: Mutex<Instant>,
}

impl Default for Console {
    fn default() -> Console {
        Console {
            terminal: std::io::stderr().is_terminal(),
            told: Mutex::new(Instant::now()),
        }
    }
}

impl Console {
    /// Tells something that stays.
    pub fn say(&self, line: &str) {
        if self.terminal {
            // Over the state, which is told again soon.
            eprintln!("\r\x1b[K{line}");
        } else {
            eprintln!("{line}");
        }
    }

    /// Tells the state, which replaces the one before on a terminal. Elsewhere it is told every ten seconds.
    pub fn state(&self, line: &str) {
        if self.terminal {
            eprint!("\r\x1b[K{line}");
            let _ = std::io::stderr().flush();
            return;
        }
        let Ok(mut told) = self.told.lock() else {
            return;
        };
        if told.elapsed() >= SELDOM {
            *told = Instant::now();
            eprintln!("{line}");
        }
    }
}
