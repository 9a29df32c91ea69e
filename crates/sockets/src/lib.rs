//! A WebSocket as a server holds it: what waits to be written to it, when it is closed, and how many there may be.
//!
//! A server takes a [`Permit`] from its [`Connections`], turns the request into a socket with [`buffers`], and makes a
//! [`Connection`] of both. Then [`Connection::next`] gives what the client says, and does all the rest beside: it writes
//! what has queued up, asks for signs of life, and ends when the server stops or the client is not worth waiting for. What has to be
//! waited for because of a frame goes into a [`Pipeline`], so that the next frame need not wait for it.
//!
//! What is said over a socket is none of this crate's business.

mod breach;
mod buffers;
mod connection;
mod connections;
mod frame_budget;
mod outbound;
mod pipeline;
mod queue;

pub use buffers::buffers;
pub use connection::{Connection, Incoming, Never, Next};
pub use connections::{Connections, ConnectionsConfig, Permit};
pub use frame_budget::FrameBudgetConfig;
pub use outbound::{Outbound, Socket, SocketError};
pub use pipeline::Pipeline;
