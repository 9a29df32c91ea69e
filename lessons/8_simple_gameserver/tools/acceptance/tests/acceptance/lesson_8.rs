//! One game server: who gets a seat, what a player does and what comes of it, and what breaks it.

mod breaking;
mod frames;
mod hostile;
mod inputs;
mod matches;
mod seats;
mod settings;
mod slow;

use acceptance::probes;
use protocol::game::Role;
use stack::Stack;

use acceptance::goat::Goat;

/// The problem of lesson 7 is solved.
#[tokio::test]
async fn all_who_ask_for_the_game_reach_the_same_server() -> anyhow::Result<()> {
    probes::one_home().await
}

/// A system in which a match begins as soon as somebody comes.
async fn at_once() -> anyhow::Result<Stack> {
    Stack::builder().environment("GATHER", "0").start().await
}

/// So many players on one server, in the order of their seats.
async fn players(stack: &Stack, count: usize) -> anyhow::Result<Vec<Goat>> {
    let mut goats = Vec::new();
    for _ in 0..count {
        goats.push(Goat::enter(stack, Role::Player).await?);
    }
    Ok(goats)
}
