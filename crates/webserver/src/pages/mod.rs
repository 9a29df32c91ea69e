//! What a browser shows.

pub mod page;
pub mod spa; // lesson 3
pub mod whoami;
