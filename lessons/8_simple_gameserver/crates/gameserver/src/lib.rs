//! One game server: it holds one match in its memory, and everybody who plays it has a socket to this process.
//!
//! The server decides everything. A player only says which keys are held, and is told what has come of it.

mod app;
mod clients;
mod config;
mod matches;
mod router;
mod seats;
mod status;

pub use app::App;
