//! The problem that this lesson leaves: somebody says that it was slow, and nobody can say where.

use acceptance::probes;
use anyhow::ensure;

#[tokio::test]
async fn one_request_was_slow_and_nothing_says_where() -> anyhow::Result<()> {
    let Err(error) = probes::why_was_it_slow().await else {
        anyhow::bail!("it is known where the time has gone");
    };
    let told = format!("{error:#}");
    let expected = "one request was slow, and under its id no line tells of Traefik and what the web server had to wait for";
    ensure!(told == expected, "{told}");
    Ok(())
}
