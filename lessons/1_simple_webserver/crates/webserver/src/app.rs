//! What every handler can reach.

use std::sync::Arc;

use service::Replica;

use crate::config::Config;

/// The web server.
pub struct App {
    /// This replica.
    pub(crate) replica: Arc<Replica>,
}

impl App {
    /// A web server has nothing to start yet, and nothing to configure.
    ///
    /// # Errors
    /// None.
    pub async fn start(_: &Config, replica: &Arc<Replica>) -> anyhow::Result<App> {
        let replica = Arc::clone(replica);
        Ok(App { replica })
    }
}
