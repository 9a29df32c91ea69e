//! A whole machine sleeps for longer than any lease, and wakes up bit by bit.

use std::{collections::BTreeMap, time::Duration};

use acceptance::{
    goat::{address, lobby},
    player::HOST,
};
use anyhow::{Context, ensure};
use bot::{
    Lobby,
    game::{Event, Pilot, ResumingClient, Way},
};
use matches::LEASE;
use nix::sys::signal::Signal;
use stack::Stack;
use tokio::time::{sleep, timeout};

use super::{status_of, two_servers};

/// Everything but the replicas.
const SERVERS: [&str; 5] = ["consul", "traefik", "sessions", "pubsub", "matches"];
const REPLICAS: [&str; 3] = ["webserver-1", "gameserver-1", "gameserver-2"];

/// From one that wakes up to the next.
const BIT_BY_BIT: Duration = Duration::from_millis(100);

/// How long it may take until the match goes on. This is for a machine that is busy.
const GOES_ON_WITHIN: Duration = Duration::from_secs(60);

/// G44: a laptop has slept, and every lease has run out. "Expired" is not "taken": the match goes on where it was, or once elsewhere.
#[tokio::test]
async fn a_match_goes_on_after_everything_has_slept() -> anyhow::Result<()> {
    let servers_first: Vec<&str> = SERVERS.into_iter().chain(REPLICAS).collect();
    for is_turned in [false, true] {
        let mut order = servers_first.clone();
        if is_turned {
            order.reverse();
        }
        wake_in(&order).await?;
    }
    Ok(())
}

/// Has a match, puts everything to sleep, and wakes it up in this order.
async fn wake_in(order: &[&str]) -> anyhow::Result<()> {
    let stack = two_servers(Stack::builder().environment("GRACE", "60")).await?;
    let ada = lobby(&stack, "Ada").await?;
    let mut player = Player::sit_down(&stack, &ada).await?;
    let before = player.plays_until(40).await?;
    for name in order {
        signal(&stack, name, Signal::SIGSTOP)?;
    }
    // What came before that is in the player's sockets.
    sleep(2 * LEASE).await;
    for name in order {
        signal(&stack, name, Signal::SIGCONT)?;
        sleep(BIT_BY_BIT).await;
    }
    player.plays_until(before + 60).await?;
    let mut taken_over = 0;
    for replica in &REPLICAS[1..] {
        let counters = &status_of(&stack, replica).await?["counters"];
        taken_over += counters["taken_over"].as_u64().context("no counter")?;
    }
    ensure!(
        taken_over <= 1,
        "the match was taken over {taken_over} times"
    );
    ensure!(u64::from(player.client.epoch()) == 1 + taken_over);
    println!("woken as {order:?}: taken over {taken_over} times");
    Ok(())
}

fn signal(stack: &Stack, name: &str, signal: Signal) -> anyhow::Result<()> {
    if SERVERS.contains(&name) {
        stack.server(name)?.signal(signal)
    } else {
        stack.called(name)?.signal(signal)
    }
}

/// Somebody who plays, follows the match, and keeps what was shown.
struct Player {
    client: ResumingClient,
    pilot: Pilot,
    seen: BTreeMap<(u32, u32), u32>,
}

impl Player {
    async fn sit_down(stack: &Stack, lobby: &Lobby) -> anyhow::Result<Player> {
        let ticket = lobby.play(None).await?;
        let way = Way {
            address: address(stack)?,
            host: HOST.to_owned(),
            path: ticket.path.clone(),
            from: None,
        };
        let client = ResumingClient::enter(way, &ticket.ticket, 1).await?;
        Ok(Player {
            client: client.following(lobby.clone(), 1),
            pilot: Pilot::new(1),
            seen: BTreeMap::new(),
        })
    }

    /// Plays until this tick. What was shown once is never shown otherwise, and the seat stays.
    async fn plays_until(&mut self, tick: u32) -> anyhow::Result<u32> {
        let seat = self.client.seat();
        let plays = async {
            loop {
                let state = match self.client.event().await? {
                    Event::Snapshot(snapshot) => snapshot.state,
                    Event::Told(frame) => {
                        let is_end = frame["type"] == "result" || frame["type"] == "cancelled";
                        ensure!(!is_end, "the match was ended: {frame}");
                        continue;
                    }
                    Event::Closed(code) => anyhow::bail!("the socket was closed with {code:?}"),
                };
                ensure!(self.client.seat() == seat, "it is another seat");
                let hash = state.hash();
                let seen = self.seen.entry((self.client.epoch(), state.tick));
                let first = *seen.or_insert(hash);
                ensure!(first == hash, "there are two states of tick {}", state.tick);
                if let Some(input) = self.pilot.steer(&state, seat) {
                    self.client.act(input).await;
                }
                if state.tick >= tick {
                    return anyhow::Ok(state.tick);
                }
            }
        };
        timeout(GOES_ON_WITHIN, plays).await?
    }
}
