//! The problem that this lesson leaves: a login is forgotten as soon as another replica answers.

use acceptance::probes;
use anyhow::ensure;

#[tokio::test]
async fn another_replica_does_not_know_who_logged_in() -> anyhow::Result<()> {
    let Err(error) = probes::login_remembered().await else {
        anyhow::bail!("every replica knew Ada");
    };
    let told = format!("{error:#}");
    ensure!(told == "webserver-2 does not know Ada", "{told}");
    Ok(())
}
