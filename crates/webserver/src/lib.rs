//! A small web server that says which replica of it answered.
//!
//! It is the service that the course scales. Each concern is a module with its own `routes()`;
//! [`startup::build`] puts them together.

pub mod config;
pub mod healthcheck;
pub mod startup;

mod catch_up; // lesson 7
mod chat; // lesson 4
mod client; // lesson 3
mod connection;
mod error;
mod frames; // lesson 6
mod health;
mod hub; // lesson 6
mod idempotency; // lesson 7
mod json; // lesson 3
mod line; // lesson 6
mod load_shed; // lesson 7
mod login; // lesson 3
// mod messages; // lesson 4 only
mod name; // lesson 3
mod origin; // lesson 3
mod page;
mod player; // lesson 4
mod publish; // lesson 6
mod pubsub; // lesson 5
mod rate_limit; // lesson 5
mod registration; // lesson 2
mod replica;
mod request_log;
mod session_store; // lesson 4
mod sessions; // lesson 3
mod sliding_expiry; // lesson 4
mod socket; // lesson 6
mod sockets; // lesson 6
mod text; // lesson 4
mod whoami;
mod ws; // lesson 6
