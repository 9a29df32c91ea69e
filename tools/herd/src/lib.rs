//! Many bots that play whole matches, and compare what they saw. The servers are not asked about it.

mod cli;
mod company;
mod cuts;
mod record;
mod report;

pub use cli::{Options, run};
pub use company::{Plan, play};
pub use record::Record;
pub use report::Report;
