//! The runtime that a service's tasks run on.

use std::io;

use tokio::runtime::{Builder, Runtime};

/// A runtime with timers and sockets.
///
/// # Errors
/// When the operating system refuses what it needs.
pub fn start() -> io::Result<Runtime> {
    // let mut builder = Builder::new_multi_thread(); // lessons 1 to 5 only
    let mut builder = Builder::new_current_thread(); // lesson 6
    builder.enable_all().build()
}
