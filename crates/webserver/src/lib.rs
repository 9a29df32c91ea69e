//! A small web server that says which replica of it answered.
//!
//! It is the service that the course scales. Each concern is a module with its own `routes()`;
//! [`startup::build`] puts them together.

pub mod config;
pub mod healthcheck;
pub mod startup;

mod connection;
mod error;
mod health;
mod page;
mod registration; // lesson 2
mod replica;
mod request_log;
mod whoami;
