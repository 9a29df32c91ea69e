//! Whether this server is reached by those who are led to it.
//!
//! A server registers in Consul, Consul tells Traefik, and Traefik makes a route of it. Nobody says when that is done. So this server goes
//! the way that a player goes, and until it arrives at itself nobody is led here.

use std::{sync::Arc, time::Duration};

use anyhow::{Context, ensure};
use axum::{
    body::Body,
    http::{Request, header::HOST},
};
use http_body_util::{BodyExt, Limited};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use serde_json::Value;
use tokio::time::{MissedTickBehavior, interval, timeout};
use tracing::{info, warn};

use super::{config::FleetConfig, link::Link};
use crate::matches::registrar::Registrar;

/// How often it is tried.
const TRY_EVERY: Duration = Duration::from_millis(100);

/// How long one try may take.
const ANSWER_WITHIN: Duration = Duration::from_secs(1);

/// After so many tries somebody should know: mostly five seconds.
const TOLD_AFTER: u32 = 50;

/// The longest answer that is looked at, in bytes. A server that has just begun says little.
const MAX_ANSWER: usize = 16 * 1024;

/// Tries to be reached until it is so, and says that to the directory.
pub async fn wait_until_reached(link: Arc<Link>, config: FleetConfig) {
    let client = Client::builder(TokioExecutor::new()).build_http::<Body>();
    let mut tries = interval(TRY_EVERY);
    tries.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut failed = 0_u32;
    loop {
        tries.tick().await;
        let asked = timeout(ANSWER_WITHIN, ask(&client, &link, &config)).await;
        match asked.context("there was no answer in time").flatten() {
            Ok(()) => break,
            Err(error) => {
                failed = failed.saturating_add(1);
                if failed == TOLD_AFTER {
                    let (proxy, error) = (&config.proxy_url, format!("{error:#}"));
                    warn!(%proxy, error, "this server is not reached through Traefik, so nobody is led here yet");
                }
            }
        }
    }
    link.lease.reached();
    link.changed();
    info!(server = %link.server, "this server is reached through Traefik");
}

/// Asks through Traefik for this server.
///
/// # Errors
/// When it is not this server that answers.
async fn ask(
    client: &Client<HttpConnector, Body>,
    link: &Link,
    config: &FleetConfig,
) -> anyhow::Result<()> {
    let authority = config.proxy_url.authority().context("no host")?;
    let request = Request::get(format!("http://{authority}/game/{}/", link.server))
        .header(HOST, &config.proxy_host)
        .body(Body::empty())?;
    let answer = client.request(request).await?;
    let status = answer.status();
    let body = Limited::new(answer.into_body(), MAX_ANSWER).collect().await;
    let body = body.map_err(anyhow::Error::from_boxed)?.to_bytes();
    ensure!(status.is_success(), "the answer was {status}");
    let told: Value = serde_json::from_slice(&body)?;
    let server = told["server"].as_str();
    ensure!(
        server == Some(&link.server.to_string()),
        "{server:?} answered"
    );
    Ok(())
}
