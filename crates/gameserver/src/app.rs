//! What every handler can reach: the state of each feature.

use std::{sync::Arc, time::Duration};

use matches::{Directory, ServerId};
use service::{Replica, instance_of};
use sockets::Connections;
use tokio::spawn;

use crate::{
    config::Config,
    fleet::{drain, keeper, keys::Keys, link::Link, reached},
    matches::rooms::Rooms,
};

/// The game server.
pub struct App {
    /// This replica.
    pub(crate) replica: Arc<Replica>,
    /// What is played here.
    pub(crate) rooms: Arc<Rooms>,
    /// What the directory is told.
    pub(crate) link: Arc<Link>,
    /// How tickets are checked.
    pub(crate) keys: Keys,
    /// All sockets together.
    pub(crate) connections: Connections,
    /// How long matches may go on when this server is told to stop.
    drain: Duration,
}

impl App {
    /// Tells the directory that this server is here, and begins to find out whether it can be reached.
    ///
    /// # Errors
    /// When the directory's address is none.
    pub async fn start(config: &Config, replica: &Arc<Replica>) -> anyhow::Result<App> {
        let fleet = &config.fleet;
        let directory = Directory::connect(&fleet.matches_url, fleet.matches_password.as_ref())?;
        let server: ServerId = instance_of(replica).to_string().parse()?;
        let link = Link::new(server, directory.clone());
        let registrar = Arc::new(Arc::clone(&link));
        let rooms = Rooms::new(&link.server, &config.matches, registrar);
        spawn(keeper::keep(
            Arc::clone(&link),
            Arc::clone(&rooms),
            Arc::clone(replica),
        ));
        spawn(reached::wait_until_reached(
            Arc::clone(&link),
            fleet.clone(),
        ));
        Ok(App {
            replica: Arc::clone(replica),
            rooms,
            link,
            keys: Keys::new(directory),
            connections: Connections::new(&config.connections),
            drain: fleet.drain,
        })
    }

    /// Sees to it that no match ends because this server does.
    pub(crate) async fn drain(&self) {
        drain::drain(&self.link, &self.rooms, self.drain).await;
    }

    /// What keeps players from being led here, if anything does.
    #[must_use]
    pub(crate) fn missing(&self) -> Vec<&'static str> {
        let lease = &self.link.lease;
        let mut missing = Vec::new();
        if !lease.is_reached() {
            missing.push("this game server has not been reached through Traefik yet");
        }
        if !lease.is_live() {
            missing.push("the directory of game servers does not answer");
        }
        missing
    }
}
