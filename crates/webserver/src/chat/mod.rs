//! The chat: what players say to each other.

pub mod after;
pub mod by_session;
pub mod config;
pub mod fan_out;
pub mod frames;
pub mod http;
pub mod hub;
pub mod idempotency;
pub mod join;
pub mod may_open;
pub mod members;
pub mod new_message;
pub mod openings;
pub mod publish;
pub mod pubsub;
pub mod rate_limit;
pub mod routes;
pub mod session_check;
pub mod session_end;
pub mod socket;
pub mod state;
pub mod text;
pub mod upgrade;
pub mod visitor;
pub mod window;
