//! Those who play or watch, each over a socket.

pub mod place;
pub mod socket;
pub mod upgrade;
