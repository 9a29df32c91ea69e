//! Whole matches, in a time that passes as soon as everybody waits.

use std::{sync::Arc, time::Duration};

use axum::{body::Bytes, extract::ws::Utf8Bytes};
use game::{Input, snapshot};
use matches::{HeldSeat, MatchId, Nonce};
use parking_lot::Mutex;
use protocol::{CloseReason, PlayerId};
use serde_json::{Value, json};
use tokio::{
    spawn,
    task::JoinHandle,
    time::{Instant, sleep},
};

use super::{
    config::MatchesConfig,
    director::claim,
    phase::{Phase, View},
    registrar::{Outcome, Registrar},
    room::{JOIN_UNTIL, Room},
    rooms::Rooms,
    stage::{Stage, TooLate},
};
use crate::seats::{listener::Listener, player::Sitter, table::At};

/// What a stage is given to tell first. It does not look at it.
const WELCOME: Utf8Bytes = Utf8Bytes::from_static(r#"{"type":"welcome"}"#);

/// Remembers what it was told, and when.
#[derive(Default)]
struct Ear {
    frames: Mutex<Vec<(Instant, Value)>>,
    snapshots: Mutex<Vec<Bytes>>,
    end: Mutex<Option<(Instant, CloseReason)>>,
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
    fn listener(self: &Arc<Ear>) -> Arc<dyn Listener> {
        Arc::<Ear>::clone(self)
    }

    /// The kinds of the frames, in their order.
    fn kinds(&self) -> Vec<String> {
        let frames = self.frames.lock();
        let kinds = frames.iter().map(|(_, frame)| frame["type"].as_str());
        kinds.map(|kind| kind.unwrap().to_owned()).collect()
    }

    fn seen(&self) -> usize {
        self.snapshots.lock().len()
    }

    /// Waits until it is told something of this kind, and gives when that was, and what.
    async fn hears(&self, kind: &str) -> (Instant, Value) {
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
    async fn ends(&self) -> (Instant, CloseReason) {
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
struct Book {
    freed: Mutex<Vec<(HeldSeat, bool)>>,
    finished: Mutex<Vec<(MatchId, Outcome)>>,
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

fn config() -> MatchesConfig {
    MatchesConfig {
        tick_rate: 20,
        seats: 8,
        capacity: 50,
        seed: Some(1),
        gather: Duration::from_secs(10),
        panic_at_tick: None,
    }
}

/// A server, and what the directory is told by it.
fn server(config: &MatchesConfig) -> (Arc<Rooms>, Arc<Book>) {
    let book = Arc::<Book>::default();
    let registrar: Arc<dyn Registrar> = Arc::<Book>::clone(&book);
    let id = "gs-0123456789".parse().unwrap();
    (Rooms::new(&id, config, registrar), book)
}

fn sitter(name: &str) -> Sitter {
    Sitter {
        player: PlayerId::random(),
        name: name.to_owned(),
        nonce: Nonce::random(),
    }
}

/// Somebody who has a ticket for this seat of this match.
fn sit(rooms: &Arc<Rooms>, id: &MatchId, seat: usize) -> (Arc<Ear>, At, Arc<Room>) {
    let ear = Arc::new(Ear::default());
    let (room, _claim) = claim(rooms, id, seat).unwrap();
    let at = room.sit_down(seat, sitter("Ada"), &ear.listener()).unwrap();
    (ear, at, room)
}

fn watch(room: &Room) -> Arc<Ear> {
    let ear = Arc::new(Ear::default());
    room.watch(&ear.listener());
    ear
}

/// What a player has who has sat down there.
fn key(at: At) -> (usize, Nonce) {
    match at {
        At::Seat(seat, nonce) => (seat, nonce),
        At::Watching(_) => panic!("no seat"),
    }
}

#[tokio::test(start_paused = true)]
async fn who_comes_alone_waits_ten_seconds_and_plays_one_match_with_bots() {
    let (rooms, book) = server(&config());
    let id = MatchId::random();
    let came = Instant::now();
    let (ada, _, room) = sit(&rooms, &id, 3);
    let watcher = watch(&room);
    let (_, welcome) = ada.hears("welcome").await;
    assert_eq!(
        (&welcome["match_id"], &welcome["seat"]),
        (&json!(id), &json!(3))
    );
    let (_, gathering) = ada.hears("gathering").await;
    assert_eq!(gathering["match"], 1);
    assert_eq!(gathering["starts_in_ms"], 10_000);
    assert_eq!(gathering["seats"][3], "player");
    assert_eq!(gathering["seats"][7], "free");
    assert_eq!(gathering["names"][3], "Ada");
    assert_eq!(gathering["names"][7], Value::Null);
    let (began, started) = ada.hears("started").await;
    assert_eq!((began - came).as_secs(), 10);
    assert_eq!(started["seats"][3], "player");
    assert_eq!(started["seats"][7], "bot");

    let (ended, result) = ada.hears("result").await;
    assert_eq!(result["match"], 1);
    assert_eq!(result["closes_in_ms"], 10_000);
    let last = watcher.snapshots.lock().last().unwrap().clone();
    let last = snapshot::decode(&last).unwrap();
    assert_eq!(last.match_number, 1);
    // One for the beginning, and one for each tick.
    assert_eq!(watcher.seen() as u32, last.state.tick + 1);
    assert_eq!(
        (ended - began).as_millis() / 50,
        u128::from(last.state.tick)
    );
    let finished = book.finished.lock().clone();
    assert_eq!(finished.len(), 1);
    assert_eq!(finished[0].0, id);
    assert_eq!(json!(finished[0].1.winner), result["winner"]);
    assert_eq!(finished[0].1.tick, last.state.tick);
    assert!(room.report().is_none(), "it is reported though it is over");
    // There is no other match: everybody has to go, and gets a seat elsewhere.
    for ear in [&ada, &watcher] {
        let (closed, reason) = ear.ends().await;
        assert_eq!((closed - ended).as_secs(), 10);
        assert_eq!(reason, CloseReason::MatchOver);
    }
    assert!(rooms.get(&id).is_none());
}

#[tokio::test(start_paused = true)]
async fn with_all_seats_taken_a_match_begins_at_once() {
    let (rooms, _) = server(&config());
    let id = MatchId::random();
    let came = Instant::now();
    let goats: Vec<_> = (0..8).map(|seat| sit(&rooms, &id, seat)).collect();
    let (began, started) = goats[0].0.hears("started").await;
    assert!(began - came < Duration::from_millis(10));
    assert_eq!(started["seats"], json!(vec!["player"; 8]));
    assert!(claim(&rooms, &id, 8).is_none(), "there is a ninth seat");
}

#[tokio::test(start_paused = true)]
async fn who_comes_while_a_match_is_played_gets_a_goat_at_once_and_who_leaves_leaves_it_to_a_bot() {
    let (rooms, book) = server(&config());
    let id = MatchId::random();
    let (ada, ada_at, room) = sit(&rooms, &id, 0);
    ada.hears("started").await;
    sleep(Duration::from_secs(3)).await;
    let (bob, ..) = sit(&rooms, &id, 5);
    assert_eq!(bob.kinds(), ["welcome", "started"]);
    assert_eq!(bob.seen(), 1, "who comes sees at once where everybody is");
    let (_, seats) = ada.hears("seats").await;
    assert_eq!(seats["seats"][5], "player");
    room.leave(ada_at);
    let (_, seats) = bob.hears("seats").await;
    assert_eq!(seats["seats"][0], "bot");
    assert_eq!(seats["names"][0], Value::Null);
    let freed = book.freed.lock().clone();
    assert_eq!(
        (freed.len(), freed[0].0.seat, freed[0].1),
        (1, 0, false),
        "the directory was not told"
    );
    // It goes on for whoever is left.
    let (_, result) = bob.hears("result").await;
    assert_eq!(result["match"], 1);
}

#[tokio::test(start_paused = true)]
async fn a_match_without_players_ends_without_a_result() {
    let (rooms, book) = server(&config());
    let id = MatchId::random();
    let (ada, at, room) = sit(&rooms, &id, 0);
    let watcher = watch(&room);
    ada.hears("started").await;
    room.leave(at);
    let (_, cancelled) = watcher.hears("cancelled").await;
    assert_eq!(cancelled["code"], "deserted");
    assert_eq!(book.finished.lock()[0].1.cancelled, Some("deserted"));
    assert_eq!(watcher.ends().await.1, CloseReason::MatchOver);
    assert!(rooms.get(&id).is_none());
}

#[tokio::test(start_paused = true)]
async fn who_leaves_before_a_match_begins_does_not_end_it_for_those_who_have_tickets() {
    let (rooms, book) = server(&config());
    let id = MatchId::random();
    let (ada, at, room) = sit(&rooms, &id, 0);
    ada.hears("gathering").await;
    room.leave(at);
    sleep(Duration::from_millis(1)).await;
    assert!(rooms.get(&id).is_none());
    assert!(
        book.finished.lock().is_empty(),
        "the directory took it away"
    );
    // A friend comes with a ticket for the same match.
    let (bob, ..) = sit(&rooms, &id, 1);
    let (_, started) = bob.hears("started").await;
    assert_eq!(started["seats"][0], "bot");
}

#[tokio::test(start_paused = true)]
async fn a_ticket_that_is_not_accepted_leaves_nothing_behind() {
    let (rooms, _) = server(&config());
    let id = MatchId::random();
    let (room, claim) = claim(&rooms, &id, 2).unwrap();
    sleep(Duration::from_secs(1)).await;
    assert_eq!(room.report().unwrap().claiming, [2]);
    drop(claim);
    sleep(Duration::from_millis(1)).await;
    assert!(rooms.get(&id).is_none());
    assert!(rooms.report().is_empty());
}

#[tokio::test(start_paused = true)]
async fn the_newest_socket_has_the_seat_and_the_older_one_is_told() {
    let (rooms, book) = server(&config());
    let id = MatchId::random();
    let (old, old_at, room) = sit(&rooms, &id, 4);
    old.hears("started").await;
    let (new, at, _) = sit(&rooms, &id, 4);
    assert_eq!(old.ends().await.1, CloseReason::Replaced);
    // What the older one does or leaves is nobody's any more.
    room.hear(key(old_at), 9, Input::default(), 0);
    room.leave(old_at);
    assert!(book.freed.lock().is_empty());
    assert_eq!(room.report().unwrap().taken[0].nonce, key(at).1);
    sleep(Duration::from_millis(100)).await;
    let last = new.snapshots.lock().last().unwrap().clone();
    assert_eq!(snapshot::decode(&last).unwrap().last_inputs[4], 0);
}

#[tokio::test(start_paused = true)]
async fn who_has_no_seat_any_more_by_the_directory_has_to_go() {
    let (rooms, book) = server(&config());
    let id = MatchId::random();
    let (ada, at, room) = sit(&rooms, &id, 1);
    let (bob, ..) = sit(&rooms, &id, 2);
    bob.hears("started").await;
    room.evict(1, Nonce::random());
    assert!(ada.end.lock().is_none(), "another nonce was meant");
    room.evict(1, key(at).1);
    assert_eq!(ada.ends().await.1, CloseReason::GivenUp);
    let (_, seats) = bob.hears("seats").await;
    assert_eq!(seats["seats"][1], "bot");
    room.leave(at);
    assert!(book.freed.lock().is_empty(), "the directory knows it");
}

#[tokio::test(start_paused = true)]
async fn a_match_that_panics_ends_alone_and_the_others_go_on() {
    let (rooms, book) = server(&MatchesConfig {
        panic_at_tick: Some(40),
        ..config()
    });
    let (first, second) = (MatchId::random(), MatchId::random());
    let (ada, ..) = sit(&rooms, &first, 0);
    ada.hears("gathering").await;
    let (bob, ..) = sit(&rooms, &second, 0);
    let (at, cancelled) = ada.hears("cancelled").await;
    assert_eq!(cancelled["match"], 1);
    assert_eq!(cancelled["code"], "fault");
    let (later, result) = bob.hears("result").await;
    assert_eq!(result["match"], 2);
    assert!(later > at);
    let outcomes = book.finished.lock().clone();
    assert_eq!(outcomes[0].1.cancelled, Some("fault"));
    assert_eq!((&outcomes[1].0, outcomes[1].1.cancelled), (&second, None));
    let counters = serde_json::to_value(&*rooms.counters).unwrap();
    assert_eq!(
        (&counters["faults"], &counters["matches"]),
        (&json!(1), &json!(2))
    );
}

#[tokio::test(start_paused = true)]
async fn the_same_seed_makes_the_same_match() {
    let mut played = Vec::new();
    for _ in 0..2 {
        let (rooms, _) = server(&config());
        let (_ada, _, room) = sit(&rooms, &MatchId::random(), 0);
        let watcher = watch(&room);
        watcher.hears("result").await;
        played.push(std::mem::take(&mut *watcher.snapshots.lock()));
    }
    assert_eq!(played[0], played[1]);
}

#[tokio::test(start_paused = true)]
async fn a_player_who_sees_nothing_is_sent_little_and_a_watcher_everything() {
    let (rooms, _) = server(&config());
    let (ada, at, room) = sit(&rooms, &MatchId::random(), 0);
    let watcher = watch(&room);
    ada.hears("started").await;
    sleep(Duration::from_millis(10_025)).await;
    assert_eq!(watcher.seen(), 201);
    assert_eq!(ada.seen(), 1 + 20 + 9);
    room.hear(key(at), 0, Input::default(), 200);
    sleep(Duration::from_millis(500)).await;
    assert_eq!(ada.seen(), 1 + 20 + 9 + 10);
}

#[tokio::test(start_paused = true)]
async fn a_goat_that_is_out_gives_its_player_free_and_nobody_gets_its_seat() {
    let (rooms, book) = server(&MatchesConfig {
        gather: Duration::ZERO,
        ..config()
    });
    let id = MatchId::random();
    let players: Vec<_> = (0..8).map(|seat| sit(&rooms, &id, seat)).collect();
    let room = &players[0].2;
    let freed = loop {
        let freed = book.freed.lock().first().cloned();
        match freed {
            Some(freed) => break freed,
            None => sleep(Duration::from_millis(50)).await,
        }
    };
    assert!(freed.1, "{freed:?}");
    let seat = freed.0.seat;
    let report = room.report().unwrap();
    assert!(report.out.contains(&seat));
    assert!(report.taken.iter().all(|held| held.seat != seat));
    let late = Arc::new(Ear::default()).listener();
    let refused = room.sit_down(seat.into(), sitter("Bob"), &late);
    assert_eq!(refused, Err(TooLate::Out));
    // Its player may look on, and is not freed a second time.
    assert!(players[usize::from(seat)].0.end.lock().is_none());
    room.leave(players[usize::from(seat)].1);
    let freed = book
        .freed
        .lock()
        .iter()
        .filter(|(held, _)| held.seat == seat)
        .count();
    assert_eq!(freed, 1);
}

#[tokio::test(start_paused = true)]
async fn a_match_takes_players_for_half_a_minute() {
    let (rooms, _) = server(&config());
    let (_ada, _, room) = sit(&rooms, &MatchId::random(), 0);
    let watcher = watch(&room);
    assert!(room.report().unwrap().open);
    watcher.hears("started").await;
    while watcher.seen() <= JOIN_UNTIL as usize {
        assert!(room.report().unwrap().open);
        sleep(Duration::from_millis(50)).await;
    }
    assert!(room.report().is_none_or(|report| !report.open));
}

#[test]
fn who_comes_when_all_is_over_is_too_late() {
    let mut stage = Stage::new(3, 20);
    let ear = Arc::new(Ear::default());
    stage.phase = Phase::Playing(View {
        tick: 700,
        lives: vec![1, 2, 0],
        snapshot: Bytes::new(),
    });
    let mut sit = |seat| stage.sit_down(seat, sitter("Ada"), &ear.listener(), &WELCOME);
    assert_eq!(sit(2), Err(TooLate::Out));
    assert_eq!(sit(3), Err(TooLate::Out));
    assert!(sit(1).is_ok());
    stage.is_settled = true;
    stage.end(Some(1), Instant::now());
    let late = stage.sit_down(0, sitter("Bob"), &ear.listener(), &WELCOME);
    assert_eq!(late, Err(TooLate::Over));
    assert_eq!(ear.kinds(), ["welcome", "started", "result"]);
}
