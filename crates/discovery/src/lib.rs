//! Service discovery: tells Consul where this replica is, for as long as it is there.
//!
//! This is the only crate that knows Consul. The rest of the project sees four things: a [`Service`] with
//! its [`Route`]s to announce, [`Registration::spawn`] to announce it and keep it announced, and [`Registration::withdraw`] to
//! take it back. Another registry could take Consul's place behind them.

mod address;
mod consul;
mod host_name;
mod keeper;
mod route;
mod segment;
mod service;

pub use consul::ConsulUrl;
pub use host_name::HostName;
pub use keeper::{Registration, Status};
pub use route::Route;
pub use route::{Retry, RouteCheck};
pub use segment::Segment;
pub use service::{HealthCheck, Service};
