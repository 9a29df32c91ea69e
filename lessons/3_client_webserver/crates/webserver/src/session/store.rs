//! The store of the sessions: the memory of this process.

use clap::Args;
use tower_sessions::MemoryStore;

use crate::session::cookie::CookieConfig;

/// How sessions are kept.
#[derive(Args, Clone, Debug)]
pub struct SessionsConfig {
    /// The cookie that names them.
    #[command(flatten)]
    pub cookie: CookieConfig,
}

/// The sessions of all players that this replica knows.
#[derive(Clone, Debug)]
pub struct Sessions {
    /// Where they are kept.
    pub store: MemoryStore,
    /// The cookie that names them.
    pub cookie: CookieConfig,
}

impl Sessions {
    /// No session yet.
    ///
    /// # Errors
    /// None: memory is always there.
    pub fn connect(config: &SessionsConfig) -> anyhow::Result<Sessions> {
        Ok(Sessions {
            store: MemoryStore::default(),
            cookie: config.cookie.clone(),
        })
    }
}
