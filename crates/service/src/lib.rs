//! What every service of the course is beside its features.
//!
//! A service brings its routes, and says what it needs and what it has to close ([`Application`]). Everything else is
//! here, once for all of them: the configuration that all share, the listener, the log line of each request, the form of
//! an error, the limits, the health checks, and a stop that cuts nobody off. [`run`] is all of it.

mod application;
mod body;
mod cli;
mod config;
mod connection;
mod error;
mod error_code;
mod finish;
mod headers;
mod health;
mod healthcheck;
mod instance;
mod json;
mod launch;
mod layers;
mod load_shed;
mod origin;
mod parse;
mod readiness;
mod registration;
mod replica;
mod request_id;
mod request_log;
mod runtime;
mod server;
mod signals;

#[cfg(any(test, feature = "testing"))]
pub mod testing;

pub use application::Application;
pub use connection::{LocalAddress, PeerAddress};
pub use error::{ApiError, MAX_BODY};
pub use instance::instance_of;
pub use json::Body;
pub use launch::run;
pub use origin::{from_our_page, same_origin};
pub use replica::{Replica, ReplicaId};
