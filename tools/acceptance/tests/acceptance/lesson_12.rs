//! Logging: what happened under one id, from Traefik to the last service.

mod ends;
mod services;
mod spans;
mod store;

use acceptance::probes;

/// The problem of lesson 11 is solved.
#[tokio::test]
async fn why_was_it_slow() -> anyhow::Result<()> {
    probes::why_was_it_slow().await
}
