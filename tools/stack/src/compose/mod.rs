//! The other engine: the system in containers, with Docker Compose.

mod command;
mod container;
mod project;
mod roll;

pub use container::Container;
pub use project::Compose;
