//! How soon a player plays on after the network was away.
//!
//! The whole system and one player run in a network namespace of their own, where the packets of the player's address can be dropped as a
//! network drops them: nothing is refused, nothing closed. Nothing outside is touched.

mod link;
mod measure;
mod namespace;
mod options;
mod results;
mod run;

pub use options::Options;
pub use run::run;
