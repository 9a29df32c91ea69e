//! How the chat is configured.

use clap::Args;

/// How the chat is bounded, and how it reaches other replicas.
#[derive(Args, Clone, Debug)]
pub struct ChatConfig {
    // lesson 5
    /// Where messages are passed on.
    #[command(flatten)]
    pub pubsub: crate::chat::pubsub::PubSubConfig,

    // lesson 6
    /// How many sockets there may be.
    #[command(flatten)]
    pub connections: sockets::ConnectionsConfig,
    /// How long what is said may wait for more.
    #[command(flatten)]
    pub window: crate::chat::window::WindowConfig,
    /// How many of them one session or one address may have.
    #[command(flatten)]
    pub openings: crate::chat::openings::OpeningsConfig,
    /// How often their sessions are looked up.
    #[command(flatten)]
    pub session_check: crate::chat::session_check::SessionCheckConfig,
}
