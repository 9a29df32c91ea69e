//! All game servers are replaced while matches are played on them, and who plays sees a moment's pause.

mod autoscale;

use std::{
    collections::{BTreeMap, BTreeSet},
    net::SocketAddr,
    sync::Arc,
    time::Duration,
};

use acceptance::{
    goat::{address, lobby},
    player::HOST,
};
use anyhow::{Context, ensure};
use bot::{
    Lobby, Ticketed,
    game::{Event, GameClient, Pilot},
};
use game::snapshot::Snapshot;
use parking_lot::Mutex;
use stack::Stack;
use tokio::{
    spawn,
    sync::watch,
    task::{JoinHandle, JoinSet},
    time::{Instant, MissedTickBehavior, interval, sleep},
};

/// Three full matches.
const PLAYERS: usize = 24;

/// How often somebody new asks for a seat, and how many do so in turn: one browser may ask five times a second.
const ASKS_EVERY: Duration = Duration::from_millis(100);
const ASKERS: usize = 5;

/// For so long a player asks where the match is, and how often.
const LOOKS_FOR: Duration = Duration::from_secs(20);
const LOOKS_EVERY: Duration = Duration::from_millis(250);

/// G11: during a roll nobody new gets a seat.
#[tokio::test]
async fn all_game_servers_are_replaced_and_no_match_ends() -> anyhow::Result<()> {
    // Slow ticks, so that no match ends by itself meanwhile. A match begins when it is full.
    let builder = Stack::builder().environment("TICK_RATE", "10");
    let builder = builder.environment("GATHER", "60");
    let builder = builder.environment("PLACEMENT", "spread");
    let builder = builder.environment("LOGIN_RATE", "1000");
    let mut stack = builder.scale("gameserver", 2).start().await?;
    let (is_over, over) = watch::channel(false);
    let (mut players, mut begun_on) = (JoinSet::new(), BTreeSet::new());
    for number in 0..PLAYERS {
        let lobby = lobby(&stack, &format!("Goat {number}")).await?;
        let ticket = lobby.play(None).await?;
        begun_on.insert(ticket.server.clone());
        let client = GameClient::enter(address(&stack)?, HOST, &ticket).await?;
        let player = Player {
            address: address(&stack)?,
            lobby,
            ticket,
            client,
            told: Told::default(),
        };
        players.spawn(player.play(number as u32, over.clone()));
    }
    ensure!(begun_on.len() == 2, "they play on {begun_on:?}");
    let asked = Asked::start(&stack).await?;

    let before = asked.count();
    let begun = Instant::now();
    let new = stack.roll("gameserver").await?;
    let took = begun.elapsed();
    ensure!(new.len() == 2);
    ensure!(asked.count() > before, "nobody has asked meanwhile");
    let answers = asked.finish().await?;
    is_over.send_replace(true);

    let mut told: Vec<Told> = Vec::new();
    while let Some(player) = players.join_next().await {
        told.push(player??);
    }
    let matches: BTreeSet<&str> = told.iter().map(|told| told.id.as_str()).collect();
    let moves: usize = told.iter().map(|told| told.servers.len() - 1).sum();
    let pause = told.iter().map(|told| told.longest_pause).max();
    println!(
        "{answers:?} in {took:?}; {moves} moves of {PLAYERS} players; {pause:?} at most without a snapshot"
    );
    ensure!(matches.len() == 3, "{matches:?}");
    for player in &told {
        let last = player.servers.last().context("it was nowhere")?;
        ensure!(!begun_on.contains(last), "it still plays on {last}");
    }
    one_state_for_each_tick(&told)
}

/// Whoever saw a tick of a match saw the same.
fn one_state_for_each_tick(told: &[Told]) -> anyhow::Result<()> {
    let mut hashes = BTreeMap::new();
    for player in told {
        for (tick, hash) in &player.hashes {
            let first = hashes.entry((&player.id, tick)).or_insert(hash);
            ensure!(*first == hash, "two states of tick {tick}");
        }
    }
    Ok(())
}

/// Somebody who plays, and follows the match to wherever it goes.
struct Player {
    address: SocketAddr,
    lobby: Lobby,
    ticket: Ticketed,
    client: GameClient,
    told: Told,
}

/// What a player was told.
#[derive(Default)]
struct Told {
    id: String,
    /// The servers on which it played, one after another.
    servers: Vec<String>,
    hashes: BTreeMap<u32, u32>,
    longest_pause: Duration,
}

impl Player {
    /// Plays until it is over, and a while after that.
    async fn play(mut self, seed: u32, over: watch::Receiver<bool>) -> anyhow::Result<Told> {
        self.told.id = self.ticket.match_id.clone();
        self.told.servers.push(self.ticket.server.clone());
        let mut pilot = Pilot::new(seed);
        let mut heard_at = None;
        let mut to_come = 20;
        while to_come > 0 {
            match self.client.event().await {
                Ok(Event::Snapshot(snapshot)) => {
                    let now = Instant::now();
                    let pause = now - heard_at.replace(now).unwrap_or(now);
                    self.told.longest_pause = self.told.longest_pause.max(pause);
                    self.look(&snapshot)?;
                    let seat = self.client.seat().context("it has no seat")?;
                    if let Some(input) = pilot.steer(&snapshot.state, seat) {
                        // A connection that is lost is noticed where it is listened to.
                        let _ = self.client.act(input).await;
                    }
                    to_come -= u32::from(*over.borrow());
                }
                Ok(Event::Told(frame)) => {
                    let is_end = frame["type"] == "result" || frame["type"] == "cancelled";
                    ensure!(!is_end, "the match was ended: {frame}");
                }
                Ok(Event::Closed(_)) | Err(_) => self.come_back().await?,
            }
        }
        Ok(self.told)
    }

    /// Time goes on, and what was once seen stays as it was.
    fn look(&mut self, snapshot: &Snapshot) -> anyhow::Result<()> {
        let (tick, hash) = (snapshot.state.tick, snapshot.state.hash());
        if let Some((last, seen)) = self.told.hashes.last_key_value() {
            ensure!(tick >= *last, "from tick {last} back to {tick}");
            ensure!(tick > *last || hash == *seen, "another tick {tick}");
        }
        self.told.hashes.insert(tick, hash);
        Ok(())
    }

    /// Asks any web server where the match is, and goes there.
    async fn come_back(&mut self) -> anyhow::Result<()> {
        let deadline = Instant::now() + LOOKS_FOR;
        loop {
            let entered = async {
                let ticket = self.lobby.play(None).await?;
                let client = GameClient::enter(self.address, HOST, &ticket).await;
                anyhow::Ok((ticket, client))
            };
            match entered.await {
                Ok((ticket, client)) => {
                    let place = |ticket: &Ticketed| (ticket.match_id.clone(), ticket.seat);
                    let (old, new) = (place(&self.ticket), place(&ticket));
                    ensure!(old == new, "{old:?} has become {new:?}");
                    if let Ok(client) = client {
                        if self.ticket.server != ticket.server {
                            self.told.servers.push(ticket.server.clone());
                        }
                        (self.client, self.ticket) = (client, ticket);
                        return Ok(());
                    }
                }
                Err(error) if Instant::now() > deadline => {
                    return Err(error.context("it has not found its match"));
                }
                Err(_) => {}
            }
            sleep(LOOKS_EVERY).await;
        }
    }
}

/// Others who ask for a seat all the time.
struct Asked {
    answers: Arc<Mutex<BTreeMap<String, usize>>>,
    stop: watch::Sender<bool>,
    asks: JoinHandle<anyhow::Result<()>>,
}

impl Asked {
    async fn start(stack: &Stack) -> anyhow::Result<Asked> {
        let mut lobbies = Vec::new();
        for number in 0..ASKERS {
            lobbies.push(lobby(stack, &format!("Asker {number}")).await?);
        }
        let answers: Arc<Mutex<BTreeMap<String, usize>>> = Arc::default();
        let (stop, stopped) = watch::channel(false);
        let counted = Arc::clone(&answers);
        let asks = spawn(async move {
            let mut asks = interval(ASKS_EVERY);
            asks.set_missed_tick_behavior(MissedTickBehavior::Delay);
            for lobby in lobbies.iter().cycle() {
                asks.tick().await;
                if *stopped.borrow() {
                    break;
                }
                let answer = match lobby.play(None).await {
                    Ok(_) => "a seat".to_owned(),
                    Err(error) => error.code().unwrap_or("no answer").to_owned(),
                };
                *counted.lock().entry(answer).or_default() += 1;
                // Whoever has a seat is given the same one again, and the next ask shall be for a new one.
                lobby.leave().await?;
            }
            Ok(())
        });
        Ok(Asked {
            answers,
            stop,
            asks,
        })
    }

    fn count(&self) -> usize {
        self.answers.lock().values().sum()
    }

    /// What was answered, and how often. There was always room.
    async fn finish(self) -> anyhow::Result<BTreeMap<String, usize>> {
        self.stop.send_replace(true);
        self.asks.await??;
        let answers = self.answers.lock().clone();
        let all: Vec<&str> = answers.keys().map(String::as_str).collect();
        ensure!(all == ["a seat"], "{answers:?}");
        Ok(answers)
    }
}
