//! The same for the game: bots play through Traefik while one thing after another breaks, and what each of them was shown and told is
//! put side by side at the end ([`check()`]). No server is asked about any of this.

mod check;
#[cfg(test)]
mod check_tests;
mod cli;
mod company;
mod fault;
mod log;
mod plan;
mod player;
mod report;
mod run;
mod scenario;
mod shared;
mod without;

pub use check::{Findings, check};
pub use cli::{Options, run_chosen};
pub use fault::{Fault, GameFault};
pub use log::{End, Log, Stay};
pub use plan::{Step, plan};
pub use report::{Broken, Report};
pub use run::run;
pub use scenario::Scenario;
pub use without::Without;
