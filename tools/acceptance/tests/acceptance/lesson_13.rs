//! Metrics: how many, how long and how often, without asking anybody.

mod alerts;
mod boards;
mod followed;
mod ops_port;
mod series;
mod told;
mod values;

use acceptance::probes;

/// The problem of lesson 12 is solved.
#[tokio::test]
async fn how_many_were_slow() -> anyhow::Result<()> {
    probes::how_many_were_slow().await
}
