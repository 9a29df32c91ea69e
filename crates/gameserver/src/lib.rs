//! One game server: it holds many matches in its memory, and everybody who plays one of them has a socket to this process.
//!
//! The server decides everything. A player only says which keys are held, and is told what has come of it.
//!
//! Nobody comes here by chance. A web server has found a seat in the directory, and has given its player a ticket that only this server
//! accepts.

mod app;
mod clients;
mod config;
mod fleet;
mod matches;
mod router;
mod seats;
mod status;

pub use app::App;
