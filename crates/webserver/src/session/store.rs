//! The store of the sessions: one Redis that all replicas ask.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use anyhow::Context;
use clap::Args;
use secrecy::{ExposeSecret, SecretString};
use tokio::{sync::broadcast::error::RecvError, time::timeout};
use tower_sessions::{SessionStore, session::Id};
use tower_sessions_redis_store::fred::{
    clients::Client,
    interfaces::{ClientLike, EventInterface, KeysInterface},
    types::config::{Config, ConnectionConfig, PerformanceConfig, ReconnectPolicy},
};
use tracing::{info, warn};

use crate::{
    limit::Limit,
    redis_url::redis_url,
    session::{
        address::ClientAddress, cookie::CookieConfig, hashed_keys::HashedKeys,
        logins::LoginsConfig, sliding_expiry::SlidingExpiry,
    },
};

/// How long a command may take, the wait for a connection included. A player who waits longer has given up; an
/// error after most of a second is an answer.
const COMMAND_TIMEOUT: Duration = Duration::from_millis(700);

/// The longest wait between two tries to connect, in milliseconds. It is also about how long after Redis' return
/// the sessions are back.
const MAX_RETRY_MS: u32 = 400;

/// The key that never comes into being, because nothing is written to it.
const NOTHING: &str = "nothing";

/// How sessions are kept.
#[derive(Args, Clone, Debug)]
pub struct SessionsConfig {
    /// Redis that keeps the sessions
    #[arg(
        long,
        env = "SESSIONS_URL",
        global = true,
        default_value = "redis://127.0.0.1:6379",
        value_parser = redis_url,
        value_name = "URL"
    )]
    pub sessions_url: String,

    /// Its password; left out when it asks for none
    #[arg(
        long,
        env = "SESSIONS_PASSWORD",
        global = true,
        hide_env_values = true,
        value_name = "PASSWORD"
    )]
    pub sessions_password: Option<SecretString>,

    /// The cookie that names them.
    #[command(flatten)]
    pub cookie: CookieConfig,

    /// How many may come.
    #[command(flatten)]
    pub logins: LoginsConfig,
}

/// The sessions of all players.
#[derive(Debug)]
pub struct Sessions {
    /// Where they are kept.
    pub store: HashedKeys<SlidingExpiry>,
    /// The cookie that names them.
    pub cookie: CookieConfig,
    /// How many logins there may be.
    pub logins: Limit<ClientAddress>,
    redis: Client,
    /// Whether the store was full when somebody last wanted to log in.
    was_full: AtomicBool,
}

/// Whether there is room in the store for one more session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Room {
    /// There is.
    Enough,
    /// Redis has as much as it may have, and takes nothing more.
    Full,
    /// The store does not answer.
    Unknown,
}

impl Sessions {
    /// Connects in the background, now and after every loss. A replica that starts before its Redis waits for it.
    ///
    /// # Errors
    /// When the URL cannot be understood.
    pub fn connect(config: &SessionsConfig) -> anyhow::Result<Sessions> {
        let redis = connect(config)?;
        Ok(Sessions {
            store: HashedKeys(SlidingExpiry::new(redis.clone())),
            cookie: config.cookie.clone(),
            logins: config.logins.limit(),
            redis,
            was_full: AtomicBool::new(false),
        })
    }

    /// Whether there is room for one more session. Asks Redis to write nothing: when it is full, it refuses even that.
    ///
    /// The session layer finds out, too, but only when the login has thrown the old session away.
    pub async fn room(&self) -> Room {
        let written: Result<(), _> = self.redis.setrange(NOTHING, 0, "").await;
        let room = match written {
            Ok(()) => Room::Enough,
            Err(error) if error.details().starts_with("OOM") => Room::Full,
            Err(_) => return Room::Unknown,
        };
        // One line for each change, not one for each login that it cost.
        let is_full = room == Room::Full;
        if self.was_full.swap(is_full, Ordering::Relaxed) != is_full {
            if is_full {
                warn!(
                    "the session store is full, so nobody new can log in; give it more memory: maxmemory in redis/sessions.conf"
                );
            } else {
                info!("the session store has room again");
            }
        }
        room
    }

    /// What keeps the sessions from working, if anything does. Asks for a session that nobody has.
    pub async fn missing(&self) -> Option<&'static str> {
        match timeout(COMMAND_TIMEOUT, self.store.load(&Id::default())).await {
            Ok(Ok(_)) => None,
            _ => Some("the session store does not answer"),
        }
    }
}

/// A client that never gives up.
fn connect(config: &SessionsConfig) -> anyhow::Result<Client> {
    let url = &config.sessions_url;
    let mut redis = Config::from_url(url).with_context(|| format!("{url} leads to no Redis"))?;
    redis.password = config
        .sessions_password
        .as_ref()
        .map(|password| password.expose_secret().to_owned());
    // A first try that fails is no reason to give up.
    redis.fail_fast = false;
    let performance = PerformanceConfig {
        default_command_timeout: COMMAND_TIMEOUT,
        ..PerformanceConfig::default()
    };
    let mut connection = ConnectionConfig {
        connection_timeout: COMMAND_TIMEOUT,
        internal_command_timeout: COMMAND_TIMEOUT,
        reconnect_on_auth_error: true,
        ..ConnectionConfig::default()
    };
    // A Redis that hangs keeps its connections open, and says nothing. Silence after a command is a loss, too.
    connection.unresponsive.max_timeout = Some(2 * COMMAND_TIMEOUT);
    connection.unresponsive.interval = COMMAND_TIMEOUT / 2;
    // Commands are small, and Nagle's algorithm would hold them back.
    connection.tcp.nodelay = Some(true);
    // Without a policy fred never connects again. Zero stands for any number of tries.
    let policy = ReconnectPolicy::new_exponential(0, 50, MAX_RETRY_MS, 2);
    // One connection is enough: commands of many requests are sent one after another without waiting.
    let client = Client::new(redis, Some(performance), Some(connection), Some(policy));
    tokio::spawn(tell_changes(client.clone(), url.clone()));
    drop(client.connect());
    Ok(client)
}

/// Logs when the store goes and when it comes back: one line for each change, not one for each request that it cost.
async fn tell_changes(client: Client, url: String) {
    let (mut errors, mut returns) = (client.error_rx(), client.reconnect_rx());
    let mut known = String::new();
    loop {
        tokio::select! {
            error = errors.recv() => match error {
                Ok((error, _)) => {
                    let error = error.to_string();
                    if error != known {
                        warn!(url, error, "the session store is away, and will be tried again");
                        known = error;
                    }
                }
                Err(RecvError::Lagged(_)) => {}
                Err(RecvError::Closed) => return,
            },
            back = returns.recv() => match back {
                Ok(_) => {
                    info!(url, "the session store is connected");
                    known.clear();
                }
                Err(RecvError::Lagged(_)) => {}
                Err(RecvError::Closed) => return,
            },
        }
    }
}
