//! What it costs a server to hand one message to one socket.
//!
//! Four servers are measured in turn, again and again, under the same load: two processes, one Redis, many sockets,
//! and one publisher. What is counted is the processor time of the two server processes (user and system), not how
//! long anything takes: on a small machine the clients use as much of the processor as the servers.
//!
//! | server | what it is |
//! |---|---|
//! | `ours` | the web server of this repository, two replicas, with its real sessions and messages, and without a window |
//! | `gathering` | the same with its window, in which what is said is gathered into one frame |
//! | `textbook` | axum, a broadcast channel, and one send for each message and socket |
//! | `raw` | a loop that writes ready-made frames, and nothing else: the limit |
//!
//! And in two modes:
//!
//! - *paced*, a few messages a second: every message is written by itself, so this is the cost of waking up and of the
//!   system calls. No server can be much better than `raw`.
//! - *flat out*, as many as the window lets through: whoever puts several queued messages into one write wins. Here
//!   `textbook` shows what that is worth.
//!
//! With `--through traefik` each frame passes Traefik, whose processor time and memory count, too.
//!
//! See the README of this crate for how to read the numbers.

pub mod baseline;
pub mod cuts;
pub mod game;

mod build;
mod kind;
mod measure;
mod options;
mod proxy;
mod redis_server;
mod results;
mod run;
mod server;

pub use kind::Kind;
pub use options::{Options, Through};
pub use results::Results;
pub use run::run;
