//! Whether this replica is subscribed.

use std::sync::atomic::{AtomicBool, Ordering};

/// Whether this replica is subscribed, and hears what is said as it is said.
#[derive(Debug, Default)]
pub(crate) struct Link(AtomicBool);

impl Link {
    /// The subscription stands.
    pub fn subscribed(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// The subscription is lost, or a try to get it failed.
    pub fn lost(&self) {
        self.0.store(false, Ordering::Relaxed);
    }

    /// Whether the subscription stands.
    pub fn is_open(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}
