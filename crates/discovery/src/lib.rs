//! Service discovery: tells Consul where this replica is, for as long as it is there.
//!
//! This is the only crate that knows Consul. The rest of the project sees three things: a [`Service`] to
//! announce, [`Registration::keep`] to announce it and keep it announced, and [`Registration::withdraw`] to
//! take it back. Another registry could take Consul's place behind them.

mod address;
mod consul;
mod keeper;
mod service;

pub use consul::ConsulUrl;
pub use keeper::{Registration, Status};
pub use service::{HealthCheck, HostName, Service, traefik_tags};
