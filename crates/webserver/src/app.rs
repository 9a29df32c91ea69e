//! What every handler can reach: the state of each feature.

use std::sync::Arc;

use service::Replica;

use crate::chat::session_check;
use crate::chat::state::Chat;
use crate::config::Config;
use crate::lobby::state::Lobby;
use crate::{pages::spa::Spa, session::store::Sessions};

/// The web server.
pub struct App {
    /// This replica.
    pub(crate) replica: Arc<Replica>,
    pub(crate) lobby: Lobby, // lesson 9
    pub(crate) spa: Spa,
    pub(crate) sessions: Sessions,
    pub(crate) chat: Chat, // lesson 4
}

impl App {
    /// Starts each feature.
    ///
    /// # Errors
    /// When a feature cannot be what its configuration says.
    pub async fn start(config: &Config, replica: &Arc<Replica>) -> anyhow::Result<App> {
        let sessions = Sessions::connect(&config.sessions)?;
        let chat = Chat::start(&config.chat, &replica.id)?; // lesson 4
        let check = &config.chat.session_check; // lesson 6
        session_check::watch(&sessions, &chat.messages, &chat.openings, check); // lesson 6
        Ok(App {
            spa: Spa::new(&config.spa),
            sessions,
            chat, // lesson 4
            replica: Arc::clone(replica),
            lobby: Lobby::start(&config.lobby)?, // lesson 9
        })
    }
}
