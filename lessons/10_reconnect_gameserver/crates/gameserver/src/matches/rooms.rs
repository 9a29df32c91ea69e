//! All matches of this server, each in a room of its own.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};

use matches::{MatchId, MatchReport, ServerId};
use parking_lot::Mutex;

use super::{
    claims::Claim,
    config::MatchesConfig,
    counters::Counters,
    registrar::Registrar,
    room::{Overview, Room},
};

/// All matches of this server.
pub struct Rooms {
    server: ServerId,
    by_id: Mutex<BTreeMap<MatchId, Arc<Room>>>,
    /// How many matches have gathered so far.
    gathered: AtomicU32,
    first_seed: u32,
    /// How matches are played.
    pub config: MatchesConfig,
    /// What has happened here.
    pub counters: Arc<Counters>,
    registrar: Arc<dyn Registrar>,
}

/// A ticket that is being looked at.
pub struct Claimed {
    /// Where its seat is.
    pub room: Arc<Room>,
    /// As long as this is there, the room waits for whoever has the ticket.
    pub claim: Claim,
    /// Whether the room was made for this ticket.
    pub is_new: bool,
}

impl Rooms {
    /// No matches yet.
    #[must_use]
    pub fn new(
        server: &ServerId,
        config: &MatchesConfig,
        registrar: Arc<dyn Registrar>,
    ) -> Arc<Rooms> {
        Arc::new(Rooms {
            server: server.clone(),
            by_id: Mutex::default(),
            gathered: AtomicU32::new(0),
            first_seed: config.seed.unwrap_or_else(rand::random),
            config: config.clone(),
            counters: Arc::default(),
            registrar,
        })
    }

    /// The room of a match that somebody is in.
    #[must_use]
    pub fn get(&self, id: &MatchId) -> Option<Arc<Room>> {
        self.by_id.lock().get(id).cloned()
    }

    /// The room of a match that somebody has a ticket for. It is made if this is the first one. None if it has no such seat.
    pub fn claim(&self, id: &MatchId, seat: usize) -> Option<Claimed> {
        // Of two who come first at once, one makes the room, and the other finds it.
        let mut by_id = self.by_id.lock();
        if let Some(room) = by_id.get(id).cloned() {
            let claim = room.claim(seat)?;
            return Some(Claimed {
                room,
                claim,
                is_new: false,
            });
        }
        let room = Arc::new(Room::new(
            id.clone(),
            &self.server,
            &self.config,
            &self.counters,
            &self.registrar,
        ));
        let claim = room.claim(seat)?;
        by_id.insert(id.clone(), Arc::clone(&room));
        Some(Claimed {
            room,
            claim,
            is_new: true,
        })
    }

    /// Forgets a room. Another one may have its place already.
    pub fn remove(&self, room: &Arc<Room>) {
        let mut by_id = self.by_id.lock();
        if by_id
            .get(&room.id)
            .is_some_and(|now| Arc::ptr_eq(now, room))
        {
            by_id.remove(&room.id);
        }
    }

    /// Forgets a room that nobody is on the way to. Gives whether that was so.
    pub fn remove_unclaimed(&self, room: &Arc<Room>) -> bool {
        // Tickets are looked at under this lock, too, so none comes in between.
        let mut by_id = self.by_id.lock();
        let is_unclaimed = !room.is_claimed();
        if is_unclaimed {
            by_id.remove(&room.id);
        }
        is_unclaimed
    }

    /// The number and the seed of the next match that gathers. Numbers begin with 1.
    pub fn next(&self) -> (u32, u32) {
        let before = self.gathered.fetch_add(1, Ordering::Relaxed);
        (before.wrapping_add(1), self.first_seed.wrapping_add(before))
    }

    /// What is told of all matches to whoever asks.
    #[must_use]
    pub fn overview(&self) -> Vec<Overview> {
        let by_id = self.by_id.lock();
        by_id.values().map(|room| room.overview()).collect()
    }

    /// What the directory has to know of all matches.
    #[must_use]
    pub fn report(&self) -> Vec<MatchReport> {
        let by_id = self.by_id.lock();
        by_id.values().filter_map(|room| room.report()).collect()
    }
}
