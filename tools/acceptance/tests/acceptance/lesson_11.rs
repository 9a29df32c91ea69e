//! Resilient game server: a match survives its process.

mod asleep;
mod checkpoints;
mod coming_back;
mod directory;
mod drain;
mod frozen;
mod names;
mod results;
mod roll;
mod takeover;

use std::time::Duration;

use acceptance::{goat::Goat, probes};
use anyhow::{Context, ensure};
use bot::Lobby;
use game::{Input, Outcome, State, bot};
use serde_json::Value;
use stack::{Builder, Log, Stack};
use tokio::time::timeout;

/// How long something may take that takes a second at most. This is for a machine that is busy.
const SOON: Duration = Duration::from_secs(10);

/// What bots go by in the first match of each server.
const SEEDS: [(&str, u32); 2] = [("gameserver-1", 1), ("gameserver-2", 77)];

/// The problem of lesson 10 is solved.
#[tokio::test]
async fn a_deploy_in_the_middle() -> anyhow::Result<()> {
    probes::a_deploy_in_the_middle().await
}

/// Two game servers, and matches that begin at once. Those of the one would have other bots than those of the other.
async fn two_servers(builder: Builder) -> anyhow::Result<Stack> {
    let builder = builder.environment("GATHER", "0");
    let builder = builder.scale("gameserver", 0);
    let mut stack = builder.start().await?;
    for (replica, seed) in SEEDS {
        let seed = seed.to_string();
        let variables = [("SEED", &seed[..])];
        stack.start_as("gameserver", replica, &variables).await?;
    }
    stack.settle().await?;
    Ok(stack)
}

/// What a game server says of itself, past Traefik.
async fn status_of(stack: &Stack, replica: &str) -> anyhow::Result<Value> {
    let url = format!("http://{}/game/", stack.called(replica)?.address());
    Ok(stack.client().get(url).send().await?.json().await?)
}

/// Which replica is this game server, and which is not.
async fn which(stack: &Stack, server: &str) -> anyhow::Result<(&'static str, &'static str)> {
    let first = status_of(stack, "gameserver-1").await?;
    Ok(if first["server"] == server {
        ("gameserver-1", "gameserver-2")
    } else {
        ("gameserver-2", "gameserver-1")
    })
}

/// What a process has logged in this sentence, or will.
async fn logged(log: &Log, sentence: &str) -> anyhow::Result<Value> {
    let found = log.find(|line| {
        let event: Value = serde_json::from_str(line).ok()?;
        (event["message"] == sentence).then_some(event)
    });
    let found = timeout(SOON, found).await;
    let found = found.with_context(|| format!("nobody says {sentence:?}:\n{}", log.tail(15)))?;
    found.context("it has said all")
}

/// A match whose only player stands on the first seat and does nothing: nothing in it is left to chance.
struct Foretold(Vec<State>);

impl Foretold {
    /// The first match of this server.
    fn of(replica: &str, seats: usize) -> Foretold {
        let seed = SEEDS.iter().find(|(id, _)| *id == replica);
        let seed = seed.map_or(0, |(_, seed)| *seed);
        let mut states = vec![State::new(seed, seats)];
        while let Some(state) = states.last()
            && state.outcome() == Outcome::Playing
        {
            let input = |seat| match seat {
                0 => Input::default(),
                _ => bot(seed, state, seat),
            };
            let inputs: Vec<Input> = (0..seats).map(input).collect();
            let mut next = state.clone();
            next.step(&inputs);
            states.push(next);
        }
        Foretold(states)
    }

    /// Whether this is how it had to come.
    fn check(&self, state: &State) -> anyhow::Result<()> {
        let foretold = self.0.get(state.tick as usize);
        ensure!(foretold == Some(state), "tick {} is another", state.tick);
        Ok(())
    }
}

/// Plays without doing anything until then, or until the socket is closed, and gives the last tick.
async fn stand(goat: &mut Goat, foretold: &Foretold, until: u32) -> anyhow::Result<u32> {
    let mut last: Option<u32> = None;
    while last.is_none_or(|last| last < until) {
        let Ok(snapshot) = goat.snapshot().await else {
            break;
        };
        let state = snapshot.state;
        foretold.check(&state)?;
        if let Some(last) = last {
            ensure!(state.tick > last, "{} comes after {last}", state.tick);
        }
        last = Some(state.tick);
        // Who sees something says so. Where the socket is closed, that shows above.
        let _ = goat.act(Input::default()).await;
    }
    last.context("nothing was shown")
}

/// Comes back to the same seat of the same match, on another server, and gives the welcome, too.
async fn come_back(
    stack: &Stack,
    lobby: &Lobby,
    (match_id, seat): (&str, usize),
) -> anyhow::Result<(Goat, Value)> {
    let mut goat = Goat::persist(stack, lobby).await?;
    let is_same = goat.client().match_id() == match_id && goat.seat()? == seat;
    ensure!(is_same, "it is another match or another seat");
    let started = goat.frame("started").await?;
    Ok((goat, started))
}
