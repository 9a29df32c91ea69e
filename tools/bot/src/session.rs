//! Logs many clients in, some at a time.

use std::{sync::Arc, time::Duration};

use futures_util::{StreamExt, TryStreamExt, stream};
use reqwest::{Client, StatusCode};

use crate::{
    browser::{self, Browser, session_cookie},
    socket::Upgrade,
    target::Target,
};

/// Logins under way at the same time. More would only queue at the server.
const CONCURRENT: usize = 64;

/// How long a login may take. With hundreds of others it may wait for its turn.
const PATIENCE: Duration = Duration::from_secs(30);

/// A logged-in client: where it goes, and by which cookie it is known there.
#[derive(Clone, Debug)]
pub struct Session {
    /// The replica or Traefik.
    pub target: Arc<Target>,
    /// The `Cookie` header.
    pub cookie: String,
}

/// Why a client could not log in.
#[derive(Debug, thiserror::Error)]
pub enum LoginError {
    /// There is nowhere to go.
    #[error("there is no address to log in at")]
    NoTarget,
    /// The system does not let an HTTP client be made.
    #[error("cannot make an HTTP client")]
    Client(#[source] reqwest::Error),
    /// The server did not answer.
    #[error("no answer to a login at {host}")]
    NoAnswer {
        /// Who was asked.
        host: String,
        /// What happened instead.
        source: reqwest::Error,
    },
    /// The server answered that it does not let this client in.
    #[error("{name} could not log in at {host}: {status} {body}")]
    Refused {
        /// Who asked.
        name: String,
        /// Who was asked.
        host: String,
        /// The answer's status.
        status: StatusCode,
        /// The answer's body.
        body: String,
    },
    /// The server let the client in, and did not say how it will be known.
    #[error("{host} set no cookie called session")]
    NoCookie {
        /// Who was asked.
        host: String,
    },
}

/// Logs `count` clients in, spread evenly over the targets, and gives their sessions in order.
///
/// `progress` is called with how many have logged in.
///
/// # Errors
/// The first login that fails. A system that does not let clients in cannot be measured.
pub async fn log_in_all(
    targets: &[Target],
    count: usize,
    name: &str,
    mut progress: impl FnMut(usize),
) -> Result<Vec<Session>, LoginError> {
    if targets.is_empty() {
        return Err(LoginError::NoTarget);
    }
    let client = client()?;
    let targets: Vec<Arc<Target>> = targets.iter().cloned().map(Arc::new).collect();
    let logins = (0..count).map(|index| {
        let target = Arc::clone(&targets[index % targets.len()]);
        let (client, name) = (client.clone(), format!("{name}-{index}"));
        async move { log_in(&client, target, &name).await }
    });
    let mut done = 0;
    stream::iter(logins)
        .buffered(CONCURRENT)
        .inspect_ok(|_| {
            done += 1;
            progress(done);
        })
        .try_collect()
        .await
}

/// Logs one client in.
///
/// # Errors
/// When the server does not answer within 30 seconds, or refuses.
pub async fn log_in(
    client: &Client,
    target: Arc<Target>,
    name: &str,
) -> Result<Session, LoginError> {
    let host = || target.host.clone();
    let browser = Browser::of(client.clone(), &target.host);
    let answer = browser.log_in(&target.address.to_string(), name).await;
    let answer = answer.map_err(|source| LoginError::NoAnswer {
        host: host(),
        source,
    })?;
    let status = answer.status();
    let cookie = session_cookie(answer.headers());
    // Read to its end, so that the connection can be used for the next login.
    let body = answer.text().await.unwrap_or_default();
    if status != StatusCode::OK {
        return Err(LoginError::Refused {
            name: name.to_owned(),
            host: host(),
            status,
            body,
        });
    }
    let cookie = cookie.ok_or_else(|| LoginError::NoCookie { host: host() })?;
    Ok(Session { target, cookie })
}

/// The HTTP client over which clients log in.
///
/// # Errors
/// When the system lets it not be made.
pub fn client() -> Result<Client, LoginError> {
    browser::http_client(PATIENCE).map_err(LoginError::Client)
}

impl Session {
    /// What opens a WebSocket at `path` for this client.
    #[must_use]
    pub fn upgrade<'a>(&'a self, path: &'a str) -> Upgrade<'a> {
        Upgrade {
            host: &self.target.host,
            path,
            cookie: &self.cookie,
        }
    }
}
