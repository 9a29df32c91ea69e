//! The web server, which is the service that the course scales.
//!
//! Each feature is a folder with its own configuration, state and routes. [`App`] holds their states, and `router` joins
//! their routes.

mod app;
mod chat; // lesson 4
mod config;
mod pages;
mod redis_url; // lesson 4
mod router;
mod session; // lesson 3

pub use app::App;
