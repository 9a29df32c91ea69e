//! The problem that this lesson leaves: a match lives in the memory of one process, and ends with it.

use acceptance::probes;
use anyhow::ensure;

#[tokio::test]
async fn a_deploy_in_the_middle_ends_the_match() -> anyhow::Result<()> {
    let Err(error) = probes::a_deploy_in_the_middle().await else {
        anyhow::bail!("the match went on");
    };
    let told = format!("{error:#}");
    ensure!(told == "the deploy ended the match", "{told}");
    Ok(())
}
