//! The problem that this lesson leaves: a seat is somebody's for as long as the socket is open, and not a moment longer.

use acceptance::probes;
use anyhow::ensure;

#[tokio::test]
async fn two_seconds_without_a_network_cost_the_seat() -> anyhow::Result<()> {
    let Err(error) = probes::two_seconds_without_network().await else {
        anyhow::bail!("the seat was kept");
    };
    let told = format!("{error:#}");
    let expected = "the seat is lost, and Ada is led to another match";
    ensure!(told == expected, "{told}");
    Ok(())
}
