//! How this server is found by those who lead players to it.

use std::time::Duration;

use axum::http::{HeaderValue, Uri};
use clap::Args;
use secrecy::SecretString;

/// Where this server says what it has, and where it asks whether it can be reached.
#[derive(Args, Clone, Debug)]
pub struct FleetConfig {
    /// Redis that knows all game servers, their matches and who has which seat
    #[arg(
        long,
        env = "MATCHES_URL",
        global = true,
        default_value = "redis://127.0.0.1:6381",
        value_parser = redis_url,
        value_name = "URL"
    )]
    pub matches_url: String,

    /// Its password; left out when it asks for none
    #[arg(
        long,
        env = "MATCHES_PASSWORD",
        global = true,
        hide_env_values = true,
        value_name = "PASSWORD"
    )]
    pub matches_password: Option<SecretString>,

    /// Where Traefik is, which this server asks until it is led to itself
    #[arg(
        long,
        env = "PROXY_URL",
        global = true,
        default_value = "http://127.0.0.1:80",
        value_parser = http_url,
        value_name = "URL"
    )]
    pub proxy_url: Uri,

    /// The host that it asks there for: the one by which Traefik routes to it
    #[arg(
        long,
        env = "PUBLIC_HOST",
        global = true,
        default_value = "gameserver.localhost",
        hide = true,
        value_name = "HOST"
    )]
    pub proxy_host: HeaderValue,

    /// Seconds in which matches may end by themselves when this server is told to stop, before the others are handed over: 0 to 600
    #[arg(
        long,
        env = "DRAIN",
        global = true,
        default_value = "5",
        value_parser = ten_minutes,
        value_name = "SECONDS"
    )]
    pub drain: Duration,
}

/// Passwords do not stand in a URL: it is told in logs and in the list of processes.
fn redis_url(text: &str) -> Result<String, String> {
    let accepted = text
        .strip_prefix("redis://")
        .is_some_and(|rest| !rest.is_empty() && !rest.contains('@'));
    accepted.then(|| text.to_owned()).ok_or_else(|| {
        "it must be a URL without a password, such as redis://matches:6379".to_owned()
    })
}

/// Parses seconds, with fractions, from 0 to 600.
fn ten_minutes(text: &str) -> Result<Duration, String> {
    text.parse()
        .ok()
        .filter(|seconds| (0.0..=600.0).contains(seconds))
        .map(Duration::from_secs_f64)
        .ok_or_else(|| "it must be a number of seconds from 0 to 600".to_owned())
}

fn http_url(text: &str) -> Result<Uri, String> {
    let url = text.parse::<Uri>().ok();
    let url = url.filter(|url| {
        url.scheme_str() == Some("http")
            && url.host().is_some_and(|host| !host.is_empty())
            && url.path_and_query().is_none_or(|path| path == "/")
    });
    url.ok_or_else(|| "it must be a URL such as http://traefik:8000".to_owned())
}
