//! Instances: many matches in each game server, and players who are led into them.

mod allocation;
pub mod directory;
mod lobby;
mod parties;
mod servers;
mod tickets;

use acceptance::probes;

/// The problem of lesson 8 is solved.
#[tokio::test]
async fn the_ninth_goat_plays_too() -> anyhow::Result<()> {
    probes::the_ninth_goat().await
}
