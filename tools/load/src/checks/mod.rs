//! What fan-out has to pass, each as one function for a test or for `cargo run -p load -- --check`.
//!
//! They measure the memory of the replicas from outside, so they need their process ids and Linux.

mod malformed;
mod openings;
mod report;
mod slow_readers;
mod sockets;
mod system;

pub use malformed::{Malformed, malformed};
pub use report::Report;
pub use slow_readers::{SlowReaders, slow_readers};
pub use sockets::{Sockets, sockets};
pub use system::System;
