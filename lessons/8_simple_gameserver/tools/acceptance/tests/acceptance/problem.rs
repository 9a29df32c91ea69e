//! The problem that this lesson leaves: one match has eight seats, and there is no other match.

use acceptance::probes;
use anyhow::ensure;

#[tokio::test]
async fn the_ninth_goat_finds_no_seat() -> anyhow::Result<()> {
    let Err(error) = probes::the_ninth_goat().await else {
        anyhow::bail!("nine goats play");
    };
    let told = format!("{error:#}");
    let expected = "goat 9 was refused: full: all 8 seats of this match are taken; watch it, or come again later";
    ensure!(told == expected, "{told}");
    Ok(())
}
