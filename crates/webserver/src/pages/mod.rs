//! What a browser shows.

pub mod not_found;
pub mod page;
pub mod routes;
pub mod spa;
pub mod whoami;
