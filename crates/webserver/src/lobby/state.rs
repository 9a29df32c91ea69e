//! What the lobby holds.

use std::sync::Arc;

use matches::Directory;

use crate::lobby::{
    config::{LobbyConfig, Placement},
    guesses::Guesses,
    keys::Keys,
    known_fleet::KnownFleet,
    rate_limit::RateLimit,
};

/// The lobby of one replica. What it knows of matches, seats and parties is in the directory, so that every replica knows the same.
pub struct Lobby {
    /// Who has which seat, and who sits with whom.
    pub directory: Directory,
    /// Where a new match begins.
    pub placement: Placement,
    /// Signs tickets.
    pub keys: Arc<Keys>,
    /// All game servers.
    pub fleet: KnownFleet,
    /// How often somebody may ask.
    pub rate_limit: RateLimit,
    /// How often somebody may be wrong about a code.
    pub guesses: Guesses,
}

impl Lobby {
    /// Connects to the directory, now and after every loss.
    ///
    /// # Errors
    /// When its address cannot be understood, or there is no chance to make a key of.
    pub fn start(config: &LobbyConfig) -> anyhow::Result<Lobby> {
        let password = config.matches_password.as_ref();
        let directory = Directory::connect(&config.matches_url, password)?;
        Ok(Lobby {
            placement: config.placement,
            keys: Keys::start(&directory)?,
            fleet: KnownFleet::new(),
            rate_limit: RateLimit::new(),
            guesses: Guesses::new(),
            directory,
        })
    }
}
