//! The problem that this lesson leaves: a browser learns of a message only by asking.

use acceptance::probes;
use anyhow::ensure;

#[tokio::test]
async fn nobody_is_told_who_does_not_ask() -> anyhow::Result<()> {
    let Err(error) = probes::told_without_asking().await else {
        anyhow::bail!("Ada was told without asking");
    };
    let told = format!("{error:#}");
    let expected = "webserver-1 tells Ada nothing unless she asks: /ws answered 404 Not Found";
    ensure!(told == expected, "{told}");
    Ok(())
}
