//! The whole system as processes of this machine: the real Consul, Traefik and Redis, real replicas.
//!
//! Docker Compose is what learners run. Tests need something faster, and some machines have no Docker engine.
//! So this crate reads the same files (`docker-compose.yml`, `traefik/`, `consul/`, `redis/`) and runs what they
//! describe on free ports of 127.0.0.1. There is one topology and there are two engines for it.
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

mod build;
mod builder;
mod client;
mod consul;
mod limits;
mod load;
mod ports;
mod process;
mod redis;
mod replica;
mod replicas;
pub mod roll; // lesson 7
mod servers;
mod stack;
mod tools;
mod topology;
mod traefik;
mod wait;

pub mod up;

pub use builder::Builder;
pub use client::build_client;
pub use load::{Load, Tally};
pub use ports::Port;
pub use process::{Log, Process};
pub use replica::Replica;
pub use stack::Stack;
pub use tools::{Tool, find_tool, tools_folder};
pub use topology::{Service, Topology, workspace_root};
pub use wait::until;
