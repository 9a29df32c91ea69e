//! The other engine: the system in containers, with Docker Compose.

mod command;
mod container;
mod project;
mod readable;
mod roll;

pub use container::Container;
pub use project::Compose;
pub use readable::let_containers_read;
