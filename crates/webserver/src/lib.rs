//! The web server, which is the service that the course scales.
//!
//! Each feature is a folder with its own configuration, state and routes. [`App`] holds their states, and `router` joins
//! their routes.

mod app;
mod chat;
mod config;
mod limit;
mod lobby;
mod pages;
mod redis_url;
mod router;
mod session;

pub use app::App;
