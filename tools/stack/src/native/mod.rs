//! The native engine: the system as processes of this machine, on free ports of 127.0.0.1.

mod builder;
mod catalogue;
mod consul;
mod kind;
mod kinds;
mod leftovers;
mod limits;
mod log;
mod network;
mod process;
mod program;
mod ready;
mod redis;
mod replica;
mod replicas;
mod roll;
mod roll_request;
mod server;
mod stack;
mod traefik;

pub mod up;

pub use builder::Builder;
pub use kind::{ServerKind, Setting};
pub use kinds::{docker_only, needed_by};
pub use log::Log;
pub use network::Network;
pub use process::Process;
pub use program::{find_program, tools_folder};
pub use ready::Ready;
pub use replica::Replica;
pub use roll_request::ask_to_roll;
pub use server::Server;
pub use stack::Stack;
