//! Whether this replica wants traffic.

use std::sync::Arc;

use crate::{application::Application, replica::Replica};

/// Knows what a replica needs before somebody should rely on it.
pub struct Readiness<App> {
    /// The replica, which may have been told to stop.
    pub replica: Arc<Replica>,
    /// Its features.
    pub app: Arc<App>,

    // lesson 2
    /// What is known of its registration.
    pub registration: crate::registration::Published,
}

impl<App: Application> Readiness<App> {
    /// What stands in the way; nothing if the replica is ready.
    pub async fn missing(&self) -> Vec<&'static str> {
        let mut missing = Vec::new();
        if self.replica.is_stopping() {
            missing.push("this replica is stopping");
        }
        missing.extend(self.registration.missing()); // lesson 2
        missing.extend(self.app.missing().await);
        missing
    }
}
