//! The web server, which is the service that the course scales.
//!
//! Each feature is a folder with its own `routes()`; [`startup::build`] puts them together.

pub mod config;
pub mod healthcheck;
pub mod startup;

mod chat; // lesson 4
mod connection;
mod error;
mod health;
mod json; // lesson 3
mod load_shed; // lesson 7
mod pages;
mod registration; // lesson 2
mod replica;
mod request_log;
mod session; // lesson 3
