//! The problem that this lesson leaves: one request that was slow is found, and nobody knows how many there were.

use acceptance::probes;
use anyhow::ensure;

#[tokio::test]
async fn some_requests_failed_and_nothing_says_how_many() -> anyhow::Result<()> {
    let Err(error) = probes::how_many_were_slow().await else {
        anyhow::bail!("it is known how many failed");
    };
    let told = format!("{error:#}");
    let expected = "5 of 100 requests failed, and nothing says how many";
    ensure!(told == expected, "{told}");
    Ok(())
}
