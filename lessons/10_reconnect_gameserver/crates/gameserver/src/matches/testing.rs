//! What the tests of matches need: somebody who listens, and what the directory would be told.

use std::{sync::Arc, time::Duration};

use axum::{body::Bytes, extract::ws::Utf8Bytes};
use game::snapshot::{self, Snapshot};
use matches::{HeldSeat, MatchId, Nonce};
use parking_lot::Mutex;
use protocol::{CloseReason, PlayerId};
use serde_json::Value;
use tokio::{
    spawn,
    task::JoinHandle,
    time::{Instant, sleep},
};

use super::{
    config::MatchesConfig,
    director::claim,
    registrar::{Outcome, Registrar},
    room::Room,
    rooms::Rooms,
};
use crate::seats::{listener::Listener, player::Sitter, table::At};

/// Remembers what it was told, and when.
#[derive(Default)]
pub struct Ear {
    frames: Mutex<Vec<(Instant, Value)>>,
    pub snapshots: Mutex<Vec<Bytes>>,
    pub end: Mutex<Option<(Instant, CloseReason)>>,
}

impl Listener for Ear {
    fn tell(&self, frame: &Utf8Bytes) {
        let frame = serde_json::from_str(frame).unwrap();
        self.frames.lock().push((Instant::now(), frame));
    }

    fn show(&self, snapshot: &Bytes) {
        self.snapshots.lock().push(snapshot.clone());
    }

    fn end(&self, reason: CloseReason) {
        self.end.lock().get_or_insert((Instant::now(), reason));
    }
}

impl Ear {
    pub fn listener(self: &Arc<Ear>) -> Arc<dyn Listener> {
        Arc::<Ear>::clone(self)
    }

    /// The kinds of the frames, in their order.
    pub fn kinds(&self) -> Vec<String> {
        let frames = self.frames.lock();
        let kinds = frames.iter().map(|(_, frame)| frame["type"].as_str());
        kinds.map(|kind| kind.unwrap().to_owned()).collect()
    }

    pub fn seen(&self) -> usize {
        self.snapshots.lock().len()
    }

    /// The newest snapshot.
    pub fn newest(&self) -> Snapshot {
        let snapshots = self.snapshots.lock();
        snapshot::decode(snapshots.last().unwrap()).unwrap()
    }

    /// Waits until it is told something of this kind, and gives when that was, and what.
    pub async fn hears(&self, kind: &str) -> (Instant, Value) {
        loop {
            let found = {
                let mut frames = self.frames.lock();
                let place = frames.iter().position(|(_, frame)| frame["type"] == kind);
                // What came before it has been heard, too.
                place.and_then(|place| frames.drain(..=place).next_back())
            };
            match found {
                Some(found) => return found,
                None => sleep(Duration::from_millis(10)).await,
            }
        }
    }

    /// Waits until there is nothing more to hear.
    pub async fn ends(&self) -> (Instant, CloseReason) {
        loop {
            let end = *self.end.lock();
            match end {
                Some(end) => return end,
                None => sleep(Duration::from_millis(10)).await,
            }
        }
    }
}

/// Remembers what the directory would be told.
#[derive(Default)]
pub struct Book {
    pub freed: Mutex<Vec<(HeldSeat, bool)>>,
    pub finished: Mutex<Vec<(MatchId, Outcome)>>,
}

impl Registrar for Book {
    fn freed(&self, seat: HeldSeat, is_out: bool) {
        self.freed.lock().push((seat, is_out));
    }

    fn changed(&self) {}

    fn finished(&self, id: &MatchId, result: Outcome) -> JoinHandle<()> {
        self.finished.lock().push((id.clone(), result));
        spawn(async {})
    }
}

pub fn config() -> MatchesConfig {
    MatchesConfig {
        tick_rate: 20,
        seats: 8,
        capacity: 50,
        seed: Some(1),
        gather: Duration::from_secs(10),
        grace: Duration::from_secs(20),
        panic_at_tick: None,
    }
}

/// A server, and what the directory is told by it.
pub fn server(config: &MatchesConfig) -> (Arc<Rooms>, Arc<Book>) {
    let book = Arc::<Book>::default();
    let registrar: Arc<dyn Registrar> = Arc::<Book>::clone(&book);
    let id = "gs-0123456789".parse().unwrap();
    (Rooms::new(&id, config, registrar), book)
}

pub fn sitter(name: &str) -> Sitter {
    Sitter {
        player: PlayerId::random(),
        name: name.to_owned(),
        nonce: Nonce::random(),
    }
}

/// Somebody who has a ticket for this seat of this match.
pub fn sit(rooms: &Arc<Rooms>, id: &MatchId, seat: usize) -> (Arc<Ear>, At, Arc<Room>) {
    let ear = Arc::new(Ear::default());
    let (room, _claim) = claim(rooms, id, seat).unwrap();
    let at = room.sit_down(seat, sitter("Ada"), &ear.listener()).unwrap();
    (ear, at, room)
}

pub fn watch(room: &Room) -> Arc<Ear> {
    let ear = Arc::new(Ear::default());
    room.watch(&ear.listener());
    ear
}

/// The seat of somebody who has sat down, and the number of the socket.
pub fn on(at: At) -> (usize, u64) {
    match at {
        At::Seat(seat, socket) => (seat, socket),
        At::Watching(_) => panic!("no seat"),
    }
}
