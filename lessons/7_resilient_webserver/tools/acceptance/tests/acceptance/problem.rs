//! The problem that this lesson leaves: a game lives in one replica's memory, and nothing leads its players there.

use acceptance::probes;
use anyhow::ensure;

#[tokio::test]
async fn a_game_is_asked_for_everywhere() -> anyhow::Result<()> {
    let Err(error) = probes::one_home().await else {
        anyhow::bail!("all requests for one game reached one replica");
    };
    let told = format!("{error:#}");
    let expected =
        "3 replicas answer for one game, and one of them at most can have it in its memory";
    ensure!(told == expected, "{told}");
    Ok(())
}
