//! The problem that this lesson leaves: a second replica cannot start.

use acceptance::probes;
use anyhow::ensure;

#[tokio::test]
async fn a_second_replica_cannot_start_because_the_port_is_taken() -> anyhow::Result<()> {
    let Err(error) = probes::second_replica().await else {
        anyhow::bail!("a second replica started");
    };
    let told = format!("{error:#}").to_lowercase();
    ensure!(told.contains("cannot listen on"), "{told}");
    ensure!(told.contains("address already in use"), "{told}");
    Ok(())
}
