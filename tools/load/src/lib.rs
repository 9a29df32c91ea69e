//! Load for the servers of this repository, checks of what becomes of it, and the fan-out benchmark.
//!
//! Three things are built on the same parts:
//!
//! - the load tool (`cargo xtask load`, or `cargo run -p load` on a lesson branch): many clients that check every
//!   delivery ([`run()`]);
//! - the checks that a fan-out has to pass ([`checks`]), for tests to call;
//! - the benchmark (`cargo xtask bench`): what a delivery costs the server, beside two foils ([`bench`]).
//!
//! Everything here talks to this machine only; see [`Target::parse`].

pub mod bench;
pub mod checks;
pub mod cli;
pub mod foil;
pub mod frames;
pub mod publisher;
pub mod reader;

mod client;
mod ledger;
mod limits;
mod login;
mod memory;
mod own;
mod pacer;
mod plan;
mod run;
mod socket;
mod stamp;
mod state;
mod summary;
mod target;
mod wire;

pub use ledger::Tally;
pub use limits::ensure_open_files;
pub use login::{Session, client as http_client, log_in, log_in_all};
pub use own::Own;
pub use plan::{Pace, Plan};
pub use run::{Progress, Ready, Watch, run};
pub use state::{Counts, Latency};
pub use summary::Summary;
pub use target::Target;
