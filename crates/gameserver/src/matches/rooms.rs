//! All matches of this server, each in a room of its own.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
};

use matches::{Checkpoint, MatchId, MatchReport, ServerId, TakenOver};
use parking_lot::Mutex;
use tokio::sync::Notify;

use super::{
    checkpoint::Saved,
    claims::Claim,
    config::MatchesConfig,
    counters::Counters,
    departed::Departed,
    registrar::Registrar,
    room::{Overview, Room},
};

/// All matches of this server.
pub struct Rooms {
    server: ServerId,
    by_id: Mutex<BTreeMap<MatchId, Arc<Room>>>,
    /// Those that are not here any more. Where both are locked, this is the second.
    departed: Mutex<Departed>,
    /// No match begins here any more.
    is_closed: AtomicBool,
    /// One match less is played.
    fewer: Notify,
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
            departed: Mutex::default(),
            is_closed: AtomicBool::new(false),
            fewer: Notify::new(),
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
        if seat >= usize::from(self.config.seats) || self.is_closed() {
            return None;
        }
        let epoch = self.departed.lock().epoch(id);
        let room = Arc::new(self.room_of((id.clone(), epoch), &self.config));
        let claim = room.claim(seat)?;
        by_id.insert(id.clone(), Arc::clone(&room));
        Some(Claimed {
            room,
            claim,
            is_new: true,
        })
    }

    /// Makes a room for a match that was another server's until now, with everybody in it who sat there. None if it is here already.
    pub fn adopt(&self, taken: &TakenOver, saved: &Saved) -> Option<Arc<Room>> {
        let mut by_id = self.by_id.lock();
        if let Some(room) = by_id.get(&taken.id) {
            if room.epoch >= taken.epoch {
                return None;
            }
            // It was here before, and others have had it meanwhile.
            room.fence();
        }
        // There are at most 8.
        let seats = saved.seats.len() as u8;
        let config = MatchesConfig {
            seats,
            ..self.config.clone()
        };
        let room = Arc::new(self.room_of((taken.id.clone(), taken.epoch), &config));
        room.go_on_from(saved, taken);
        by_id.insert(taken.id.clone(), Arc::clone(&room));
        self.departed.lock().come_back(&taken.id);
        self.counters.taken_over.add(1);
        Some(room)
    }

    /// The match of this id is another server's, says the directory. One that has ended asks by itself whether its result counts.
    pub fn fence(&self, id: &MatchId) {
        let room = self.get(id).filter(|room| !room.is_over());
        if let Some(room) = room {
            self.counters.fenced.add(1);
            self.move_away(&room);
        }
    }

    /// The match of this room goes on elsewhere, and whoever is here or comes here has to ask where.
    pub fn move_away(&self, room: &Arc<Room>) {
        room.fence();
        self.remove(room);
        self.departed.lock().move_away(&room.id);
    }

    /// Whether a match was here and goes on elsewhere.
    #[must_use]
    pub fn has_moved(&self, id: &MatchId) -> bool {
        self.departed.lock().has_moved(id)
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
        self.fewer.notify_one();
    }

    /// Forgets the room of a match that has not begun and that nobody is in. It begins anew with the next who has a ticket for it.
    pub fn remove_idle(&self, room: &Arc<Room>) {
        self.departed.lock().leave_idle(&room.id, room.epoch);
        self.remove(room);
    }

    /// Forgets a room that nobody is on the way to. Gives whether that was so.
    pub fn remove_unclaimed(&self, room: &Arc<Room>) -> bool {
        // Tickets are looked at under this lock, too, so none comes in between.
        let mut by_id = self.by_id.lock();
        let is_unclaimed = !room.is_claimed();
        if is_unclaimed {
            by_id.remove(&room.id);
            self.departed.lock().leave_idle(&room.id, room.epoch);
            self.fewer.notify_one();
        }
        is_unclaimed
    }

    /// The end of a match is recorded.
    pub fn note_end(&self) {
        self.fewer.notify_one();
    }

    /// From now on no match begins here, and none is taken over.
    pub fn close(&self) {
        self.is_closed.store(true, Ordering::Relaxed);
    }

    /// Whether no match begins here any more.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.is_closed.load(Ordering::Relaxed)
    }

    /// Waits until no match is played here.
    pub async fn quiet(&self) {
        while !self.unfinished().is_empty() {
            self.fewer.notified().await;
        }
    }

    /// The matches whose end is not recorded.
    #[must_use]
    pub fn unfinished(&self) -> Vec<Arc<Room>> {
        let by_id = self.by_id.lock();
        let unfinished = by_id.values().filter(|room| !room.is_recorded());
        unfinished.cloned().collect()
    }

    /// How many more matches there is room for.
    #[must_use]
    pub fn free(&self) -> u32 {
        let played = u32::try_from(self.unfinished().len()).unwrap_or(u32::MAX);
        self.config.capacity.saturating_sub(played)
    }

    /// Has all matches look again at what they wait for.
    pub fn wake(&self) {
        for room in self.by_id.lock().values() {
            room.wake();
        }
    }

    /// The number and the seed of the next match that gathers. Numbers begin with 1; on the wire there is room for so many, and behind the
    /// largest comes 0.
    pub fn next(&self) -> (u16, u32) {
        let before = self.gathered.fetch_add(1, Ordering::Relaxed);
        let number = before.wrapping_add(1) as u16;
        (number, self.first_seed.wrapping_add(before))
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

    /// Where all matches stand that have got further, or have other players, since the directory was told last.
    #[must_use]
    pub fn checkpoints(&self) -> Vec<(MatchId, Checkpoint)> {
        let by_id = self.by_id.lock();
        let new = |room: &Arc<Room>| Some((room.id.clone(), room.new_checkpoint()?));
        by_id.values().filter_map(new).collect()
    }

    /// The directory has these.
    pub fn keep(&self, checkpoints: &[(MatchId, Checkpoint)]) {
        for (id, checkpoint) in checkpoints {
            if let Some(room) = self.get(id) {
                room.keep(checkpoint);
            }
        }
    }

    fn room_of(&self, id: (MatchId, u32), config: &MatchesConfig) -> Room {
        Room::new(id, &self.server, config, &self.counters, &self.registrar)
    }
}
