//! What every handler can reach: the state of each feature.

use std::sync::Arc;

use service::Replica;

use crate::chat::state::Chat; // lesson 4
use crate::config::Config;
use crate::{pages::spa::Spa, session::store::Sessions}; // lesson 3

/// The web server.
pub struct App {
    /// This replica.
    pub(crate) replica: Arc<Replica>,
    pub(crate) spa: Spa,           // lesson 3
    pub(crate) sessions: Sessions, // lesson 3
    pub(crate) chat: Chat,         // lesson 4
}

impl App {
    /// Starts each feature.
    ///
    /// # Errors
    /// When a feature cannot be what its configuration says.
    pub async fn start(config: &Config, replica: &Arc<Replica>) -> anyhow::Result<App> {
        Ok(App {
            spa: Spa::new(&config.spa),                     // lesson 3
            sessions: Sessions::connect(&config.sessions)?, // lesson 3
            chat: Chat::start(&config.chat, &replica.id)?,  // lesson 4
            replica: Arc::clone(replica),
        })
    }
}
