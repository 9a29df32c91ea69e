//! The chat: what players say to each other.

pub mod after;
pub mod config;
pub mod fan_out; // lesson 6
pub mod frames; // lesson 6
pub mod http;
pub mod hub; // lesson 6
pub mod idempotency; // lesson 7
pub mod join; // lesson 6
pub mod members; // lesson 6
pub mod new_message;
pub mod publish;
pub mod pubsub; // lesson 5
pub mod rate_limit; // lesson 5
pub mod routes;
pub mod socket; // lesson 6
pub mod state;
pub mod text;
pub mod upgrade; // lesson 6
pub mod visitor; // lesson 6
