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

mod backfill;
mod ended;
mod entry;
mod history;
mod limit;
mod link;
mod messages;
mod names;
mod presence;
mod present;
mod publish_error;
mod recent;
mod redis_client;
mod resume;
mod shared;
mod subscription;

pub use ended::Ended;
pub use history::Published;
pub use limit::Limit;
pub use messages::Messages;
pub use presence::{Presence, PresenceGuard};
pub use present::{Changes, Present};
pub use publish_error::PublishError;
pub use resume::{CutOff, Gap, HistoryUnavailable, PAGE, Pages, Resume};
