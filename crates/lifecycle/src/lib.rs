//! The end of a process: which signals ask for it, and how long its work may take to finish.
//!
//! Docker, Kubernetes and systemd all stop a process in the same way. They send SIGTERM, wait, and then send
//! SIGKILL. A server that handles SIGTERM uses the wait to finish what it has begun. One that does not is cut
//! off in the middle of a request. And as process number 1 of a container it would not even notice: the
//! kernel drops a signal to process 1 that has no handler.

mod finish;
mod signals;

pub use finish::{Cut, finish};
pub use signals::{Signal, Signals};
