//! Breaks the system on purpose while many clients use it, and checks that nobody loses anything.
//!
//! A seed decides what is broken, when and for how long ([`plan()`]). Clients come through Traefik, as players do, and
//! come back by themselves. What each of them heard is compared at the end with what was acknowledged ([`check()`]). The
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

mod backoff;
mod client;
mod command;
mod console;
mod disk;
mod docker;
mod fleet;
mod ledger;
mod native;
mod outbox;
mod plan;
mod poller;
mod report;
mod run;
mod scenario;
mod silence;
mod socket;
mod state;
mod system;
mod wire;

pub use console::Console;
pub use ledger::{Id, Key, Tally, Told, check};
pub use plan::{Fault, Step, plan};
pub use report::{Broken, Report};
pub use run::run;
pub use scenario::{Engine, Scenario};
pub use silence::Silence;
pub use state::{Counts, Noted};
