//! The problem that this lesson leaves: a message posted to one replica is unknown to the others.

use acceptance::probes;
use anyhow::ensure;

#[tokio::test]
async fn another_replica_does_not_know_what_was_said() -> anyhow::Result<()> {
    let Err(error) = probes::message_known_everywhere().await else {
        anyhow::bail!("every replica knew the message");
    };
    let told = format!("{error:#}");
    let expected = "webserver-2 does not know what Ada said to webserver-1: ";
    ensure!(told.starts_with(expected), "{told}");
    // It answers, and knows the player. It has only not heard of it.
    ensure!(told.ends_with("it told 0 messages"), "{told}");
    Ok(())
}
