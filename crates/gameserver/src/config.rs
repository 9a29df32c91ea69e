//! What can be configured of the game server beside what all services have. Nothing else in this crate reads the environment.

use clap::Args;

/// How the features are configured.
#[derive(Args, Clone, Debug)]
pub struct Config {
    /// How matches are played.
    #[command(flatten)]
    pub matches: crate::matches::config::MatchesConfig,
    /// How this server is found.
    #[command(flatten)]
    pub fleet: crate::fleet::config::FleetConfig,
    /// How many sockets there may be.
    #[command(flatten)]
    pub connections: sockets::ConnectionsConfig,
}
