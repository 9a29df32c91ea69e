//! Logs clients in, some at a time.

use std::{sync::Arc, time::Duration};

use anyhow::{Context, bail};
use futures_util::{StreamExt, TryStreamExt, stream};
use reqwest::{Client, StatusCode, header};

use crate::target::Target;

/// Logins under way at the same time. More would only queue at the server.
pub const CONCURRENT: usize = 64;

/// A logged-in client: where it goes, and by which cookie it is known there.
#[derive(Clone, Debug)]
pub struct Session {
    /// The replica or Traefik.
    pub target: Arc<Target>,
    /// The `Cookie` header.
    pub cookie: String,
}

/// Logs `count` clients in, spread evenly over the targets, and gives their sessions in order.
///
/// `progress` is told how many have logged in.
///
/// # Errors
/// The first login that fails. A system that does not let clients in cannot be measured.
pub async fn log_in_all(
    targets: &[Target],
    count: usize,
    name: &str,
    mut progress: impl FnMut(usize),
) -> anyhow::Result<Vec<Session>> {
    if targets.is_empty() {
        bail!("there is no address to log in at");
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
/// When the server does not answer or refuses; says what it answered.
pub async fn log_in(client: &Client, target: Arc<Target>, name: &str) -> anyhow::Result<Session> {
    let request = client
        .post(target.url("/api/login"))
        .header(header::HOST, &target.host)
        .json(&serde_json::json!({ "name": name }));
    let response = request
        .send()
        .await
        .with_context(|| format!("no answer to a login at {}", target.host))?;
    let status = response.status();
    let cookie = response
        .headers()
        .get_all(header::SET_COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .find_map(session_cookie);
    // Read to its end, so that the connection can be used for the next login.
    let body = response.text().await.unwrap_or_default();
    if status != StatusCode::OK {
        bail!(
            "{name} could not log in at {}: {status} {body}",
            target.host
        );
    }
    let cookie = cookie.with_context(|| format!("{} set no cookie called session", target.host))?;
    Ok(Session { target, cookie })
}

/// A client that keeps its connections.
///
/// # Errors
/// When the system lets it not be made.
pub fn client() -> anyhow::Result<Client> {
    Client::builder()
        .timeout(Duration::from_secs(30))
        .no_proxy()
        .pool_max_idle_per_host(CONCURRENT)
        .build()
        .context("cannot make an HTTP client")
}

/// The part of a `Set-Cookie` header that is sent back.
fn session_cookie(header: &str) -> Option<String> {
    let pair = header.split(';').next()?.trim();
    pair.starts_with("session=").then(|| pair.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_session_is_sent_back() {
        let header = "session=abc; HttpOnly; SameSite=Lax; Path=/";
        assert_eq!(session_cookie(header).as_deref(), Some("session=abc"));
        assert_eq!(session_cookie("other=1; Path=/"), None);
    }
}
