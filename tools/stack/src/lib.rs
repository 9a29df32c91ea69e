//! The whole system as processes of this machine: the real servers, and real replicas.
//!
//! Docker Compose is what learners run. Tests need something faster, and some machines have no Docker engine.
//! So this crate reads `docker-compose.yml` and the files that it mounts, and runs what they describe on free ports of
//! 127.0.0.1. There is one topology and there are two engines for it.
//!
//! ```no_run
//! # async fn example() -> anyhow::Result<()> {
//! let mut stack = stack::Stack::builder().scale("webserver", 3).start().await?;
//! let answer = stack.get("webserver.localhost", "/api/whoami").await?;
//! assert!(answer.status().is_success());
//! stack.add_replica("webserver").await?;
//! # Ok(()) }
//! ```
//! Everything it started ends when the [`Stack`] is dropped, also when a test panics.

mod autoscale;
mod client_build;
mod compose;
mod compose_file;
mod console;
mod fleet;
mod http_client;
mod load;
mod native;
mod ports;
mod random;
mod roll;
mod routing;
mod service_build;
mod stop;
mod system;
mod topology;
mod wait;
mod way;
mod web_port;

pub use autoscale::{Autoscaler, Options as AutoscaleOptions, Turn};
pub use client_build::build_client;
pub use compose::{Compose, Container, let_containers_read};
pub use console::Console;
pub use http_client::http_client;
pub use load::{Load, Tally};
pub use native::ask_to_roll;
pub use native::{
    Builder, Log, Network, Process, Ready, Replica, Server, ServerKind, Setting, Stack,
    docker_only, find_program, needed_by, tools_folder, up,
};
pub use ports::Port;
pub use stop::Stop;
pub use system::{System, SystemServer};
pub use topology::{Service, Topology, workspace_root};
pub use wait::until;
pub use way::{Way, named_in};
pub use web_port::web_port;
