//! Messages between replicas: what one of them takes, all of them tell.
//!
//! A replica publishes a message once, on a channel of one Redis that all replicas share, and each of them
//! *subscribes* to that channel. Redis hands every message to every subscriber. That is called *fan-out*, and it spares
//! a replica from knowing who the others are.
//!
//! ```text
//!   player ──▶ webserver-2 ──publish──▶ Redis ──▶ webserver-1 ──▶ its players
//!                                           ├───▶ webserver-2 ──▶ its players
//!                                           └───▶ webserver-3 ──▶ its players
//! ```
//!
//! Redis handles one command after another, so every subscriber is given the messages in the same order. The
//! channel keeps none of them, though: whoever is not subscribed at that moment never hears of it.
//!
//! This crate is the only one that knows Redis' publish and subscribe.

mod catch_up; // lesson 7
mod history; // lesson 7
mod id; // lesson 7
// mod link; // lessons 5 to 6 only
mod memory; // lesson 7
mod message;
mod messages;
mod not_sent; // lesson 7
mod presence; // lesson 6
// mod recent; // lessons 5 to 6 only
mod redis_client;
mod resume; // lesson 7
mod subscription;

pub use id::{Id, NoId}; // lesson 7
pub use message::Message;
// pub use messages::{Messages, NotSent}; // lessons 5 to 6 only
pub use messages::{Messages, Published}; // lesson 7
pub use not_sent::NotSent; // lesson 7
pub use presence::{Here, Presence, Present}; // lesson 6
pub use resume::{Away, Gap, NoPage, PAGE, Pages, Resume, Told}; // lesson 7
