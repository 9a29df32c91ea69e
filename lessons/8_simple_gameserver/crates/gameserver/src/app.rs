//! What every handler can reach: the state of each feature.

use std::sync::Arc;

use service::Replica;
use sockets::Connections;

use crate::{
    config::Config,
    matches::{director, room::Room},
};

/// The game server.
pub struct App {
    /// This replica.
    pub(crate) replica: Arc<Replica>,
    /// Who is here, and what is played.
    pub(crate) room: Arc<Room>,
    /// All sockets together.
    pub(crate) connections: Connections,
}

impl App {
    /// Starts to wait for players.
    ///
    /// # Errors
    /// Never so far; every service may fail here.
    pub async fn start(config: &Config, replica: &Arc<Replica>) -> anyhow::Result<App> {
        let room = Arc::new(Room::new(&config.matches));
        director::start(&room, &config.matches);
        Ok(App {
            replica: Arc::clone(replica),
            room,
            connections: Connections::new(&config.connections),
        })
    }
}
