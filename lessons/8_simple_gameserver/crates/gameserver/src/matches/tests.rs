//! Whole matches, in a time that passes as soon as everybody waits.

use std::{sync::Arc, time::Duration};

use axum::{body::Bytes, extract::ws::Utf8Bytes};
use game::{Input, snapshot};
use parking_lot::Mutex;
use protocol::game::Role;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

use super::{
    config::MatchesConfig,
    director,
    phase::{Phase, View},
    room::Room,
    stage::Stage,
};
use crate::seats::{listener::Listener, table::At};

/// Remembers what it was told, and when.
#[derive(Default)]
struct Ear {
    frames: Mutex<Vec<(Instant, Value)>>,
    snapshots: Mutex<Vec<Bytes>>,
}

impl Listener for Ear {
    fn tell(&self, frame: &Utf8Bytes) {
        let frame = serde_json::from_str(frame).unwrap();
        self.frames.lock().push((Instant::now(), frame));
    }

    fn show(&self, snapshot: &Bytes) {
        self.snapshots.lock().push(snapshot.clone());
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

    fn last(&self) -> Value {
        self.frames.lock().last().unwrap().1.clone()
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
}

fn config() -> MatchesConfig {
    MatchesConfig {
        tick_rate: 20,
        seats: 8,
        seed: Some(1),
        gather: Duration::from_secs(10),
        panic_at_tick: None,
    }
}

fn room(config: &MatchesConfig) -> Arc<Room> {
    let room = Arc::new(Room::new(config));
    director::start(&room, config);
    room
}

fn enter(room: &Room, role: Role) -> (Arc<Ear>, At) {
    let ear = Arc::new(Ear::default());
    let at = room.enter(role, &ear.listener()).unwrap();
    (ear, at)
}

#[tokio::test(start_paused = true)]
async fn who_comes_alone_waits_ten_seconds_and_plays_with_bots_one_match_after_another() {
    let room = room(&config());
    let (watcher, _) = enter(&room, Role::Watcher);
    sleep(Duration::from_secs(60)).await;
    assert!(watcher.kinds().is_empty(), "a match without players");
    let came = Instant::now();
    let (ada, at) = enter(&room, Role::Player);
    assert_eq!(at, At::Seat(0));
    let (_, gathering) = ada.hears("gathering").await;
    assert_eq!(gathering["match"], 1);
    assert_eq!(gathering["starts_in_ms"], 10_000);
    assert_eq!(gathering["seats"][0], "player");
    assert_eq!(gathering["seats"][7], "free");
    let (began, started) = ada.hears("started").await;
    assert_eq!((began - came).as_secs(), 10);
    assert_eq!(started["seats"][0], "player");
    assert_eq!(started["seats"][7], "bot");

    let (ended, result) = ada.hears("result").await;
    assert_eq!(result["match"], 1);
    assert_eq!(result["next_in_ms"], 5_000);
    let last = watcher.snapshots.lock().last().unwrap().clone();
    let last = snapshot::decode(&last).unwrap();
    assert_eq!(last.match_number, 1);
    // One for the beginning, and one for each tick.
    assert_eq!(watcher.seen() as u32, last.state.tick + 1);
    assert_eq!(
        (ended - began).as_millis() / 50,
        u128::from(last.state.tick)
    );
    let (again, gathering) = ada.hears("gathering").await;
    assert_eq!((again - ended).as_secs(), 5);
    assert_eq!(gathering["match"], 2);
    let (_, result) = ada.hears("result").await;
    assert_eq!(result["match"], 2);
}

#[tokio::test(start_paused = true)]
async fn with_all_seats_taken_a_match_begins_at_once_and_a_ninth_finds_no_seat() {
    let room = room(&config());
    let came = Instant::now();
    let goats: Vec<_> = (0..8).map(|_| enter(&room, Role::Player)).collect();
    let seats: Vec<_> = goats.iter().map(|(_, at)| *at).collect();
    assert_eq!(seats, (0..8).map(At::Seat).collect::<Vec<_>>());
    let (began, started) = goats[0].0.hears("started").await;
    assert!(began - came < Duration::from_millis(10));
    assert_eq!(started["seats"], json!(vec!["player"; 8]));
    let ninth: Arc<dyn Listener> = Arc::new(Ear::default());
    assert!(room.enter(Role::Player, &ninth).is_none());
    assert!(room.enter(Role::Watcher, &ninth).is_some());
}

#[tokio::test(start_paused = true)]
async fn who_comes_while_a_match_is_played_gets_a_goat_at_once_and_who_leaves_leaves_it_to_a_bot() {
    let room = room(&config());
    let (ada, ada_at) = enter(&room, Role::Player);
    ada.hears("started").await;
    sleep(Duration::from_secs(3)).await;
    let (bob, bob_at) = enter(&room, Role::Player);
    let At::Seat(seat) = bob_at else {
        panic!("{bob_at:?}");
    };
    assert_ne!(seat, 0);
    assert_eq!(bob.kinds(), ["started"]);
    assert_eq!(bob.seen(), 1, "who comes sees at once where everybody is");
    let (_, seats) = ada.hears("seats").await;
    assert_eq!(seats["seats"][seat], "player");
    room.leave(ada_at);
    let (_, seats) = bob.hears("seats").await;
    assert_eq!(seats["seats"][0], "bot");
    let (_, result) = bob.hears("result").await;
    assert_eq!(result["match"], 1);
}

#[tokio::test(start_paused = true)]
async fn without_players_a_match_ends_without_a_result_and_the_server_rests() {
    let room = room(&config());
    let (watcher, _) = enter(&room, Role::Watcher);
    let (_, at) = enter(&room, Role::Player);
    watcher.hears("started").await;
    room.leave(at);
    let (_, cancelled) = watcher.hears("cancelled").await;
    assert_eq!(cancelled["code"], "deserted");
    let seen = watcher.seen();
    sleep(Duration::from_secs(600)).await;
    assert_eq!(watcher.seen(), seen);
    assert_eq!(watcher.kinds(), Vec::<String>::new());
    let (_, at) = enter(&room, Role::Player);
    let (_, gathering) = watcher.hears("gathering").await;
    assert_eq!(gathering["match"], 2);
    // Who leaves before it begins is not waited for, either.
    room.leave(at);
    sleep(Duration::from_secs(20)).await;
    assert!(!watcher.kinds().contains(&"started".to_owned()));
}

#[tokio::test(start_paused = true)]
async fn a_match_that_panics_ends_alone_and_the_next_one_is_played() {
    let room = room(&MatchesConfig {
        panic_at_tick: Some(40),
        ..config()
    });
    let (ada, _) = enter(&room, Role::Player);
    let (watcher, _) = enter(&room, Role::Watcher);
    let (_, cancelled) = ada.hears("cancelled").await;
    assert_eq!(cancelled["match"], 1);
    assert_eq!(cancelled["code"], "fault");
    assert_eq!(watcher.seen(), 40);
    let (_, gathering) = ada.hears("gathering").await;
    assert_eq!(gathering["match"], 2);
    let (_, result) = ada.hears("result").await;
    assert_eq!(result["match"], 2);
    let counters = serde_json::to_value(&room.counters).unwrap();
    assert_eq!(
        (&counters["faults"], &counters["matches"]),
        (&json!(1), &json!(2))
    );
}

#[tokio::test(start_paused = true)]
async fn the_same_seed_makes_the_same_match() {
    let mut played = Vec::new();
    for _ in 0..2 {
        let room = room(&config());
        let (ada, _) = enter(&room, Role::Watcher);
        enter(&room, Role::Player);
        ada.hears("result").await;
        played.push(std::mem::take(&mut *ada.snapshots.lock()));
    }
    assert_eq!(played[0], played[1]);
}

#[tokio::test(start_paused = true)]
async fn a_player_who_sees_nothing_is_sent_little_and_a_watcher_everything() {
    let room = room(&config());
    let (ada, at) = enter(&room, Role::Player);
    let (watcher, _) = enter(&room, Role::Watcher);
    ada.hears("started").await;
    sleep(Duration::from_millis(10_025)).await;
    assert_eq!(watcher.seen(), 201);
    assert_eq!(ada.seen(), 1 + 20 + 9);
    let At::Seat(seat) = at else { panic!() };
    room.hear(seat, 0, Input::default(), 200);
    sleep(Duration::from_millis(500)).await;
    assert_eq!(ada.seen(), 1 + 20 + 9 + 10);
}

#[tokio::test(start_paused = true)]
async fn who_gets_the_seat_of_a_goat_that_is_out_waits_for_the_next_match() {
    let mut stage = Stage::new(3, 20);
    stage.number = 65_535;
    let ears = [(); 3].map(|()| Arc::new(Ear::default()));
    for ear in &ears[..2] {
        stage.sit_down(&ear.listener());
    }
    let view = View {
        tick: 700,
        lives: vec![1, 2, 0],
        snapshot: Bytes::new(),
    };
    stage.phase = Phase::Playing(view.clone());
    assert_eq!(stage.sit_down(&ears[2].listener()), Some(At::Seat(2)));
    assert_eq!(ears[2].kinds(), ["started", "waiting"]);
    assert_eq!(ears[2].last()["match"], 0);
    stage.leave(At::Seat(2));
    stage.phase = Phase::Playing(view);
    stage.end(Some(1), Instant::now() + Duration::from_secs(5));
    let late = Arc::new(Ear::default());
    stage.sit_down(&late.listener());
    assert_eq!(late.kinds(), ["result", "waiting"]);
    assert_eq!(ears[0].last()["winner"], 1);
}
