//! Those who play or watch, each over a socket.

pub mod admission;
pub mod place;
pub mod refusal;
pub mod socket;
pub mod upgrade;
