//! What can be configured of the web server beside what all services have. Nothing else in this crate reads the
//! environment.

use clap::Args;

/// How the features are configured.
#[derive(Args, Clone, Debug)]
pub struct Config {
    // lesson 3
    /// Where the client is.
    #[command(flatten)]
    pub spa: crate::pages::spa::SpaConfig,
    /// Where the sessions are kept.
    #[command(flatten)]
    pub sessions: crate::session::store::SessionsConfig,

    // lesson 4
    /// How the chat is bounded, and how it reaches other replicas.
    #[command(flatten)]
    pub chat: crate::chat::config::ChatConfig,

    // lesson 9
    /// How players are led into matches.
    #[command(flatten)]
    pub lobby: crate::lobby::config::LobbyConfig,
}
