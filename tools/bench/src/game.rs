//! What a second of a player costs a game server.
//!
//! | server | what it is |
//! |---|---|
//! | `ours` | one process of the game server, with its directory, and players who have tickets |
//! | `raw` | ready frames on plain sockets: the limit |
//! | `ws` | the same rules over `ws`, in Node |
//! | `colyseus` | the same rules on Colyseus 0.17, in Node, with its own clients |
//!
//! All have matches of eight, twenty ticks a second, and players who send as many inputs a second.

mod clients;
mod contender;
mod options;
mod ours;
mod peers;
mod results;
mod run;

pub use options::Options;
pub use results::Results;
pub use run::run;
