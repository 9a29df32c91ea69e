//! A game server as the directory sees it: it has seats and says so. There is no game in it, and no socket.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Duration,
};

use anyhow::ensure;
use matches::{
    Allocation, Ask, ClaimError, Directory, HeldSeat, MatchId, MatchReport, PartyCode, Placement,
    Renewed, Report, ServerId, ServerState, tickets::Claims,
};
use parking_lot::Mutex;
use protocol::PlayerId;
use stack::Stack;
use tokio::{
    task::JoinHandle,
    time::{MissedTickBehavior, interval},
};

pub const SEATS: u8 = 8;

/// No match here ever comes to another server.
const EPOCH: u32 = 1;

/// The directory's Redis, and nothing else.
pub async fn alone() -> anyhow::Result<(Stack, Directory)> {
    let stack = Stack::builder()
        .scale("webserver", 0)
        .scale("gameserver", 0)
        .without("consul")
        .without("traefik")
        .start()
        .await?;
    let directory = Directory::connect(&stack.server("matches")?.url("redis")?, None)?;
    ensure!(directory.answers().await, "the directory does not answer");
    Ok((stack, directory))
}

/// What players ask for.
pub fn ask(players: &[PlayerId]) -> Ask {
    Ask {
        players: players.to_vec(),
        party: None,
        placement: Placement::Packed,
    }
}

/// The same for a party.
pub fn ask_as(code: &PartyCode, players: &[PlayerId]) -> Ask {
    Ask {
        party: Some(code.clone()),
        ..ask(players)
    }
}

/// So many players that nobody has seen.
pub fn players(count: usize) -> Vec<PlayerId> {
    (0..count).map(|_| PlayerId::random()).collect()
}

/// One game server. Clones are the same.
#[derive(Clone)]
pub struct Fake {
    pub id: ServerId,
    directory: Directory,
    capacity: u32,
    table: Arc<Mutex<Table>>,
}

#[derive(Default)]
struct Table {
    matches: BTreeMap<MatchId, Seats>,
    over: BTreeSet<MatchId>,
    given_twice: u32,
}

impl Table {
    /// The seats of a match, which begins with the first who comes.
    fn seats(&mut self, id: &MatchId) -> Result<&mut Seats, ClaimError> {
        if self.over.contains(id) {
            return Err(ClaimError::Gone);
        }
        Ok(self.matches.entry(id.clone()).or_default())
    }

    fn end(&mut self, id: &MatchId) {
        self.matches.remove(id);
        self.over.insert(id.clone());
    }
}

#[derive(Default)]
struct Seats {
    taken: BTreeMap<u8, HeldSeat>,
    claiming: BTreeSet<u8>,
    out: BTreeSet<u8>,
    closed: bool,
}

impl Fake {
    /// One that is ready, and has said so once.
    pub async fn ready(directory: &Directory, capacity: u32) -> anyhow::Result<Fake> {
        let number = rand::random::<u64>() % 10_000_000_000;
        let fake = Fake {
            id: format!("gs-{number:010}").parse()?,
            directory: directory.clone(),
            capacity,
            table: Arc::default(),
        };
        fake.renew().await?;
        Ok(fake)
    }

    /// Has it say every half second what it has, until that is dropped.
    pub fn keep(&self) -> Keeper {
        let fake = self.clone();
        Keeper(tokio::spawn(async move {
            let mut renewals = interval(Duration::from_millis(500));
            renewals.set_missed_tick_behavior(MissedTickBehavior::Delay);
            loop {
                renewals.tick().await;
                // What failed is said again.
                let _ = fake.renew().await;
            }
        }))
    }

    pub async fn renew(&self) -> anyhow::Result<Renewed> {
        self.renew_as(ServerState::Ready).await
    }

    /// Says what it has, and lets those go who are evicted.
    pub async fn renew_as(&self, state: ServerState) -> anyhow::Result<Renewed> {
        let renewed = self.directory.renew(&self.report(state), &[]).await?;
        for id in &renewed.fenced {
            self.table.lock().end(id);
        }
        for seat in &renewed.evicted {
            self.part(seat).await?;
        }
        Ok(renewed)
    }

    pub fn report(&self, state: ServerState) -> Report {
        let table = self.table.lock();
        let matches = table.matches.iter().map(|(id, seats)| MatchReport {
            id: id.clone(),
            epoch: EPOCH,
            open: !seats.closed,
            taken: seats.taken.values().cloned().collect(),
            claiming: seats.claiming.iter().copied().collect(),
            out: seats.out.iter().copied().collect(),
        });
        Report {
            server: self.id.clone(),
            state,
            capacity: self.capacity,
            seats: SEATS,
            version: 1,
            matches: matches.collect(),
        }
    }

    /// A player comes with the ticket for this seat.
    pub async fn enter(&self, seat: &Allocation) -> Result<(), ClaimError> {
        self.table
            .lock()
            .seats(&seat.id)?
            .claiming
            .insert(seat.seat);
        let claims = Claims::to_play(seat, "Ada");
        let claimed = self.directory.claim(&self.id, &claims).await;
        let mut table = self.table.lock();
        // The match may have ended meanwhile.
        let seats = table.seats(&seat.id)?;
        seats.claiming.remove(&seat.seat);
        claimed?;
        let before = seats.taken.insert(seat.seat, held(seat));
        if before.is_some_and(|before| before.player != seat.player) {
            table.given_twice += 1;
        }
        Ok(())
    }

    /// A player's socket ends. A match that nobody is in any more is over.
    pub async fn part(&self, seat: &HeldSeat) -> anyhow::Result<()> {
        let is_deserted = {
            let mut table = self.table.lock();
            let Some(seats) = table.matches.get_mut(&seat.id) else {
                return Ok(());
            };
            if seats.taken.get(&seat.seat) != Some(seat) {
                return Ok(());
            }
            seats.taken.remove(&seat.seat);
            let is_deserted = seats.taken.is_empty() && seats.claiming.is_empty();
            if is_deserted {
                table.end(&seat.id);
            }
            is_deserted
        };
        self.directory.release(&self.id, seat, false).await?;
        if is_deserted {
            self.finish(&seat.id, "{}").await?;
        }
        Ok(())
    }

    /// A goat has no lives left.
    pub async fn lose(&self, seat: &HeldSeat) -> anyhow::Result<()> {
        if let Some(seats) = self.table.lock().matches.get_mut(&seat.id) {
            seats.taken.remove(&seat.seat);
            seats.out.insert(seat.seat);
        }
        Ok(self.directory.release(&self.id, seat, true).await?)
    }

    /// Nobody may enter a match any more.
    pub fn close(&self, id: &MatchId) {
        if let Some(seats) = self.table.lock().matches.get_mut(id) {
            seats.closed = true;
        }
    }

    /// A match is over.
    pub async fn finish(&self, id: &MatchId, result: &str) -> anyhow::Result<()> {
        self.table.lock().end(id);
        self.directory.finish(&self.id, id, EPOCH, result).await?;
        Ok(())
    }

    /// Who sits here.
    pub fn taken(&self) -> Vec<HeldSeat> {
        let table = self.table.lock();
        let seats = table
            .matches
            .values()
            .flat_map(|seats| seats.taken.values());
        seats.cloned().collect()
    }

    /// How often somebody came into a seat that somebody else sat in.
    pub fn given_twice(&self) -> u32 {
        self.table.lock().given_twice
    }
}

/// The seat that was given, as its server has it once it is taken.
pub fn held(seat: &Allocation) -> HeldSeat {
    HeldSeat {
        id: seat.id.clone(),
        seat: seat.seat,
        player: seat.player,
        nonce: seat.nonce,
    }
}

/// Ends with this value.
pub struct Keeper(JoinHandle<()>);

impl Drop for Keeper {
    fn drop(&mut self) {
        self.0.abort();
    }
}
