//! Whoever is told of a match.

use axum::{body::Bytes, extract::ws::Utf8Bytes};
use protocol::CloseReason;
use sockets::Outbound;

/// Whoever is told of a match. No call waits.
pub trait Listener: Send + Sync {
    /// Tells what must not be missed.
    fn tell(&self, frame: &Utf8Bytes);

    /// Shows where everybody is. Only the last call counts: what it shows replaces what could not be shown yet.
    fn show(&self, snapshot: &Bytes);

    /// Says that there is nothing more to hear here, and why.
    fn end(&self, reason: CloseReason);
}

impl Listener for Outbound {
    fn tell(&self, frame: &Utf8Bytes) {
        self.try_send(std::slice::from_ref(frame));
    }

    fn show(&self, snapshot: &Bytes) {
        self.try_send_latest(snapshot.clone());
    }

    fn end(&self, reason: CloseReason) {
        self.evict(reason);
    }
}
