//! Load for the servers of this repository, and checks of what becomes of it.
//!
//! Two things are built on the same parts:
//!
//! - the load tool (`cargo run --release -p load`): many clients that check every
//!   delivery ([`run()`]);
//! - the checks that a fan-out has to pass ([`checks`]), for tests to call.
//!
//! Whoever wants to measure a server, and not to check it, takes [`publisher`] and [`reader`]: one that publishes as a
//! replica does, and many that only count. Everything here talks to this machine only; see [`bot::Target::parse`].

pub mod checks;
pub mod cli;
pub mod memory;
pub mod message;
pub mod publisher;
pub mod reader;

mod client;
mod latency;
mod local_system;
mod pacer;
mod plan;
pub mod raw_frames;
mod run;
mod state;
mod summary;
mod wire;

pub use latency::Latency;
pub use local_system::{LIMITS, LocalSystem};
pub use plan::{Pace, Plan};
pub use run::{Progress, Ready, Watch, run};
pub use state::Counts;
pub use summary::Summary;
