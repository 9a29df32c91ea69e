//! What a process writes, kept for whoever looks for something in it.

use std::{collections::VecDeque, fmt, sync::Arc};

use parking_lot::{Mutex, MutexGuard};
use tokio::{
    io::{AsyncBufReadExt, AsyncRead, BufReader},
    sync::watch,
    task::JoinHandle,
};

use super::leftovers::Run;

/// Log lines kept of each process. A stack under load writes many, and only the last are ever looked at.
const KEPT_LINES: usize = 5_000;

/// Is given each line that a process writes, as it comes.
#[derive(Clone)]
pub struct Sink {
    write: Arc<dyn Fn(&str) + Send + Sync>,
    run: Option<Arc<Run>>,
}

impl Sink {
    /// A sink that calls `write`.
    pub fn new(write: impl Fn(&str) + Send + Sync + 'static) -> Sink {
        Sink {
            write: Arc::new(write),
            run: None,
        }
    }

    /// Lets the processes that write into it be written down, so that the next start finds those that were left.
    #[must_use]
    pub(super) fn recorded(mut self, run: &Arc<Run>) -> Sink {
        self.run = Some(Arc::clone(run));
        self
    }

    /// Where its processes are written down.
    pub(super) fn run(&self) -> Option<&Run> {
        self.run.as_deref()
    }

    /// Gives it a line.
    pub fn write(&self, line: &str) {
        (self.write)(line);
    }
}

impl fmt::Debug for Sink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sink")
    }
}

/// What a process writes to standard output and standard error.
#[derive(Clone, Debug)]
pub struct Log {
    lines: Arc<Mutex<VecDeque<String>>>,
    /// How many lines were written in all, and a way to wait for the next one.
    written: Arc<watch::Sender<usize>>,
}

impl Default for Log {
    fn default() -> Log {
        Log {
            lines: Arc::default(),
            written: Arc::new(watch::Sender::new(0)),
        }
    }
}

impl Log {
    /// The lines that are kept.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        self.kept().iter().cloned().collect()
    }

    /// The last `count` lines, for a message.
    #[must_use]
    pub fn tail(&self, count: usize) -> String {
        let lines = self.kept();
        let skipped = lines.len().saturating_sub(count);
        lines
            .iter()
            .skip(skipped)
            .map(String::as_str)
            .collect::<Vec<_>>()
            .join("\n")
    }

    /// Waits until a line gives something, and gives that. Lines that were written before count too.
    pub async fn find<T>(&self, mut look: impl FnMut(&str) -> Option<T>) -> Option<T> {
        let mut written = self.written.subscribe();
        loop {
            written.borrow_and_update();
            if let Some(found) = self.kept().iter().find_map(|line| look(line)) {
                return Some(found);
            }
            // The sender lives in `self`, so this cannot fail.
            written.changed().await.ok()?;
        }
    }

    fn kept(&self) -> MutexGuard<'_, VecDeque<String>> {
        self.lines.lock()
    }

    fn push(&self, line: String) {
        let mut lines = self.kept();
        if lines.len() == KEPT_LINES {
            lines.pop_front();
        }
        lines.push_back(line);
        drop(lines);
        self.written.send_modify(|written| *written += 1);
    }

    pub(super) fn follow(
        &self,
        pipe: impl AsyncRead + Unpin + Send + 'static,
        sink: Option<Sink>,
    ) -> JoinHandle<()> {
        let log = self.clone();
        tokio::spawn(async move {
            let mut lines = BufReader::new(pipe).lines();
            while let Ok(Some(line)) = lines.next_line().await {
                if let Some(sink) = &sink {
                    sink.write(&line);
                }
                log.push(line);
            }
        })
    }
}
