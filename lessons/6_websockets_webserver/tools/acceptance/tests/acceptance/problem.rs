//! The problem that this lesson leaves: a player misses what was said while their replica was gone.

use acceptance::probes;
use anyhow::ensure;

#[tokio::test]
async fn what_was_said_meanwhile_is_never_told() -> anyhow::Result<()> {
    let Err(error) = probes::missed_while_away().await else {
        anyhow::bail!("Ada was told what she had missed");
    };
    let told = format!("{error:#}");
    let expected = "Ada was never told what Bob said while webserver-1 was gone";
    ensure!(told == expected, "{told}");
    Ok(())
}
