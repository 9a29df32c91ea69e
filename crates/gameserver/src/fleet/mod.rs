//! This server among the others: what the directory knows of it, and how it is reached.

pub mod config;
pub mod drain;
pub mod keeper;
pub mod keys;
pub mod lease;
pub mod link;
pub mod reached;
pub mod takeover;
