//! The store of the sessions: the memory of this process.

use clap::Args;
use tower_sessions::MemoryStore;

/// How sessions are kept.
#[derive(Args, Clone, Debug)]
pub struct SessionsConfig {
    /// Send the session's cookie over HTTPS only. On http://*.localhost some browsers would then never send it
    #[arg(
        long,
        env = "COOKIE_SECURE",
        global = true,
        default_value = "false",
        action = clap::ArgAction::Set,
        value_name = "true|false"
    )]
    pub cookie_secure: bool,
}

/// The sessions of all players that this replica knows.
#[derive(Clone, Debug)]
pub struct Sessions {
    /// Where they are kept.
    pub store: MemoryStore,
    /// Whether the cookie is sent over HTTPS only.
    pub cookie_secure: bool,
}

impl Sessions {
    /// No session yet.
    ///
    /// # Errors
    /// None: memory is always there.
    pub fn connect(config: &SessionsConfig) -> anyhow::Result<Sessions> {
        Ok(Sessions {
            store: MemoryStore::default(),
            cookie_secure: config.cookie_secure,
        })
    }
}
