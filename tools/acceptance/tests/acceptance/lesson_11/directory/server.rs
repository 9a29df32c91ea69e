//! A game server as the directory sees it: it has matches, says how they stand, and goes on with those of others. There is no game in it,
//! and no socket.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Duration,
};

use acceptance::redis;
use anyhow::{Context, ensure};
use matches::{
    Allocation, Checkpoint, ClaimError, Directory, Finished, HandedOver, HeldSeat, MatchId,
    MatchReport, Renewed, Report, ServerId, ServerState, TakenOver, tickets::Claims,
};
use parking_lot::Mutex;
use stack::Stack;
use tokio::{
    task::JoinHandle,
    time::{MissedTickBehavior, interval},
};

use crate::lesson_9::directory::fake::{SEATS, held};

/// One game server. Clones are the same.
#[derive(Clone)]
pub struct Server {
    pub id: ServerId,
    directory: Directory,
    version: u32,
    capacity: u32,
    held: Arc<Mutex<Held>>,
}

/// What it has.
#[derive(Default)]
struct Held {
    is_draining: bool,
    matches: BTreeMap<MatchId, Played>,
}

/// One match.
#[derive(Clone, Default)]
struct Played {
    epoch: u32,
    tick: u32,
    taken: BTreeMap<u8, HeldSeat>,
    out: BTreeSet<u8>,
}

impl Server {
    /// One that is ready, and has said so once.
    pub async fn ready(directory: &Directory, capacity: u32) -> anyhow::Result<Server> {
        Server::of_version(directory, capacity, 1).await
    }

    /// One whose build writes checkpoints of this version.
    pub async fn of_version(
        directory: &Directory,
        capacity: u32,
        version: u32,
    ) -> anyhow::Result<Server> {
        let number = rand::random::<u64>() % 10_000_000_000;
        let server = Server {
            id: format!("gs-{number:010}").parse()?,
            directory: directory.clone(),
            version,
            capacity,
            held: Arc::default(),
        };
        server.renew().await?;
        Ok(server)
    }

    /// Has it say every half second what it has, until that is dropped.
    pub fn keep(&self) -> Keeper {
        let server = self.clone();
        Keeper(tokio::spawn(async move {
            let mut renewals = interval(Duration::from_millis(500));
            renewals.set_missed_tick_behavior(MissedTickBehavior::Delay);
            loop {
                renewals.tick().await;
                // What failed is said again.
                let _ = server.renew().await;
            }
        }))
    }

    /// What it would say now.
    pub fn report(&self) -> (Report, Vec<(MatchId, Checkpoint)>) {
        let held = self.held.lock();
        let reports = held.matches.iter().map(|(id, played)| MatchReport {
            id: id.clone(),
            epoch: played.epoch,
            open: true,
            taken: played.taken.values().cloned().collect(),
            claiming: Vec::new(),
            out: played.out.iter().copied().collect(),
        });
        let checkpoints = held.matches.iter();
        let checkpoints = checkpoints.map(|(id, played)| (id.clone(), self.checkpoint(id, played)));
        let state = if held.is_draining {
            ServerState::Draining
        } else {
            ServerState::Ready
        };
        let report = Report {
            server: self.id.clone(),
            state,
            capacity: self.capacity,
            seats: SEATS,
            version: self.version,
            matches: reports.collect(),
        };
        (report, checkpoints.collect())
    }

    /// Says what it has, and lets go what it must.
    pub async fn renew(&self) -> anyhow::Result<Renewed> {
        let (report, checkpoints) = self.report();
        let renewed = self.directory.renew(&report, &checkpoints).await?;
        let mut held = self.held.lock();
        for id in &renewed.fenced {
            held.matches.remove(id);
        }
        for seat in &renewed.evicted {
            if let Some(played) = held.matches.get_mut(&seat.id) {
                played.taken.remove(&seat.seat);
            }
        }
        Ok(renewed)
    }

    /// It is told to stop.
    pub async fn drain(&self) -> anyhow::Result<Renewed> {
        self.held.lock().is_draining = true;
        self.renew().await
    }

    /// A player comes with the ticket for this seat.
    pub async fn enter(&self, seat: &Allocation) -> Result<(), ClaimError> {
        if self.played(&seat.id).is_err() {
            // It may be one that was handed over a moment ago. If not, it is new.
            let _ = self.take_over(0).await;
        }
        let claims = Claims::to_play(seat, "Ada");
        self.directory.claim(&self.id, &claims).await?;
        let mut held_here = self.held.lock();
        let played = held_here.matches.entry(seat.id.clone()).or_default();
        played.epoch = played.epoch.max(1);
        played.taken.insert(seat.seat, held(seat));
        Ok(())
    }

    /// A match has got to this tick.
    pub fn play(&self, id: &MatchId, tick: u32) {
        if let Some(played) = self.held.lock().matches.get_mut(id) {
            played.tick = tick;
        }
    }

    /// A goat has no lives left.
    pub async fn lose(&self, seat: &HeldSeat) -> anyhow::Result<()> {
        if let Some(played) = self.held.lock().matches.get_mut(&seat.id) {
            played.taken.remove(&seat.seat);
            played.out.insert(seat.seat);
        }
        Ok(self.directory.release(&self.id, seat, true).await?)
    }

    /// Goes on with matches that it is given.
    pub async fn take_over(&self, room: u32) -> anyhow::Result<Vec<TakenOver>> {
        let given = self.ask_for_matches(room).await?;
        let mut held = self.held.lock();
        for taken in &given {
            let known = held.matches.get(&taken.id);
            if known.is_some_and(|known| known.epoch == taken.epoch) {
                continue;
            }
            let seats = taken.seats.iter().map(|seat| (seat.seat, seat.clone()));
            let played = Played {
                epoch: taken.epoch,
                tick: taken.checkpoint.tick,
                taken: seats.collect(),
                out: taken.out.iter().copied().collect(),
            };
            held.matches.insert(taken.id.clone(), played);
        }
        Ok(given)
    }

    /// Is given matches, and the answer is lost on the way.
    pub async fn ask_for_matches(&self, room: u32) -> anyhow::Result<Vec<TakenOver>> {
        let directory = &self.directory;
        Ok(directory.take_over(&self.id, self.version, room).await?)
    }

    /// Hands a match over, and has it no more.
    pub async fn hand_over(&self, id: &MatchId) -> anyhow::Result<HandedOver> {
        let played = self.played(id)?;
        let checkpoint = self.checkpoint(id, &played);
        let to = self
            .directory
            .hand_over(&self.id, id, played.epoch, &checkpoint)
            .await?;
        self.held.lock().matches.remove(id);
        Ok(to)
    }

    /// A match is over.
    pub async fn finish(&self, id: &MatchId, result: &str) -> anyhow::Result<Finished> {
        let epoch = self.played(id)?.epoch;
        let finished = self.directory.finish(&self.id, id, epoch, result).await?;
        self.held.lock().matches.remove(id);
        Ok(finished)
    }

    /// The matches that it has, each with its epoch and its tick.
    pub fn matches(&self) -> Vec<(MatchId, u32, u32)> {
        let held = self.held.lock();
        let matches = held.matches.iter();
        matches
            .map(|(id, played)| (id.clone(), played.epoch, played.tick))
            .collect()
    }

    fn played(&self, id: &MatchId) -> anyhow::Result<Played> {
        let held = self.held.lock();
        let played = held.matches.get(id).cloned();
        played.with_context(|| format!("{} has no match {id}", self.id))
    }

    /// Bytes that are no text, and that say which server has written them, and when.
    fn checkpoint(&self, id: &MatchId, played: &Played) -> Checkpoint {
        let mut bytes = vec![0xff, 0, b'\r', b'\n'];
        bytes.extend(format!("{} {id} {} {}", self.id, played.epoch, played.tick).bytes());
        Checkpoint {
            version: self.version,
            tick: played.tick,
            bytes,
        }
    }
}

/// Ends a server's lease, as if nothing had been heard of it for three seconds.
pub async fn lose(stack: &Stack, server: &Server) -> anyhow::Result<()> {
    let now =
        "local t = redis.call('TIME') return redis.call('HSET', KEYS[1], 'lease', t[1] * 1000)";
    let lost = format!("EVAL \"{now}\" 1 server:{}", server.id);
    let answer = redis::ask(stack, "matches", &lost).await?;
    ensure!(answer.trim() == ":0", "{answer}");
    Ok(())
}

/// Ends with this value.
pub struct Keeper(JoinHandle<()>);

impl Drop for Keeper {
    fn drop(&mut self) {
        self.0.abort();
    }
}
