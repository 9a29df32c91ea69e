//! The chat: what players say to each other.

pub mod frames; // lesson 6
pub mod http;
pub mod hub; // lesson 6
pub mod idempotency; // lesson 7
pub mod line; // lesson 6
// pub mod messages; // lesson 4 only
pub mod publish; // lesson 6
pub mod pubsub; // lesson 5
pub mod rate_limit; // lesson 5
pub mod replay; // lesson 7
pub mod socket; // lesson 6
pub mod sockets; // lesson 6
pub mod text;
pub mod upgrade; // lesson 6
