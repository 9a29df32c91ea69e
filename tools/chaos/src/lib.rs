//! Breaks the system on purpose while many clients use it, and checks that nobody loses anything.
//!
//! A seed decides what is broken, when and for how long ([`plan()`]). Clients come through Traefik, as players do, and
//! come back by themselves. What each of them heard is compared at the end with what was acknowledged ([`Account`]). The
//! server is not asked about any of this.
//!
//! ```no_run
//! # async fn example() -> anyhow::Result<()> {
//! let scenario = chaos::Scenario { clients: 30, ..chaos::Scenario::default() };
//! let report = chaos::run(&scenario, &chaos::Console::default()).await?;
//! assert!(report.faults().is_empty(), "{report}");
//! # Ok(()) }
//! ```

pub mod cli;
pub mod game;

mod account;
mod ask;
mod cable;
mod client;
mod connections;
mod console;
mod disk;
mod engine;
mod fleet;
mod memory;
mod plan;
mod poller;
mod report;
mod run;
mod scenario;
mod silence;
mod state;
mod subject;
mod wiring;

pub use account::{Account, Named, Tally};
pub use console::Console;
pub use engine::Engine;
pub use plan::{Fault, Step, plan};
pub use report::{Broken, Report};
pub use run::run;
pub use scenario::Scenario;
pub use silence::Silence;
pub use state::{Counts, Noted};
