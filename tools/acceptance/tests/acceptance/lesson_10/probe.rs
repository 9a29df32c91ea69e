//! The problem of lesson 9 is solved.

use acceptance::probes;

#[tokio::test]
async fn two_seconds_without_network() -> anyhow::Result<()> {
    probes::two_seconds_without_network().await
}
