//! The problem that this lesson leaves: logins are counted, and nobody knows how many people that were, or who came back.

use acceptance::probes;
use anyhow::ensure;

#[tokio::test]
async fn nobody_knows_who_came_back() -> anyhow::Result<()> {
    let Err(error) = probes::who_came_back().await else {
        anyhow::bail!("it is known who came back");
    };
    let told = format!("{error:#}");
    let expected = "5 logins are counted, and nothing says how many people that were";
    ensure!(told == expected, "{told}");
    Ok(())
}
