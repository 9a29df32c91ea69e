//! Whole matches, in a time that passes as soon as everybody waits.

use std::{sync::Arc, time::Duration};

use axum::{body::Bytes, extract::ws::Utf8Bytes};
use game::{Input, snapshot};
use matches::{MatchId, Nonce};
use protocol::CloseReason;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

use super::{
    config::MatchesConfig,
    director::claim,
    phase::{Phase, View},
    room::{JOIN_UNTIL, Room},
    stage::{Stage, TooLate},
    testing::{Ear, config, on, server, sit, sitter, watch},
};
use crate::seats::table::At;

/// By the directory the seat is not this player's any more.
fn give_up(room: &Room, at: At) {
    let (seat, _) = on(at);
    let report = room.report().unwrap();
    let held = report
        .taken
        .iter()
        .find(|held| usize::from(held.seat) == seat);
    room.evict(seat as u8, held.unwrap().nonce);
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
    let (rooms, _) = server(&config());
    let id = MatchId::random();
    let (ada, ada_at, room) = sit(&rooms, &id, 0);
    ada.hears("started").await;
    sleep(Duration::from_secs(3)).await;
    let (bob, ..) = sit(&rooms, &id, 5);
    assert_eq!(bob.kinds(), ["welcome", "started"]);
    assert_eq!(bob.seen(), 1, "who comes sees at once where everybody is");
    let (_, seats) = ada.hears("seats").await;
    assert_eq!(seats["seats"][5], "player");
    give_up(&room, ada_at);
    let (_, seats) = bob.hears("seats").await;
    assert_eq!(seats["seats"][0], "bot");
    assert_eq!(seats["names"][0], Value::Null);
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
    give_up(&room, at);
    let (_, cancelled) = watcher.hears("cancelled").await;
    assert_eq!(cancelled["code"], "deserted");
    assert_eq!(book.finished.lock()[0].1.cancelled, Some("deserted"));
    assert_eq!(watcher.ends().await.1, CloseReason::MatchOver);
    assert!(rooms.get(&id).is_none());
}

#[tokio::test(start_paused = true)]
async fn who_gives_up_before_a_match_begins_does_not_end_it_for_those_who_have_tickets() {
    let (rooms, book) = server(&config());
    let id = MatchId::random();
    let (ada, at, room) = sit(&rooms, &id, 0);
    ada.hears("gathering").await;
    give_up(&room, at);
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
async fn who_has_no_seat_any_more_by_the_directory_has_to_go() {
    let (rooms, book) = server(&config());
    let id = MatchId::random();
    let (ada, at, room) = sit(&rooms, &id, 1);
    let (bob, ..) = sit(&rooms, &id, 2);
    bob.hears("started").await;
    room.evict(1, Nonce::random());
    assert!(ada.end.lock().is_none(), "another nonce was meant");
    give_up(&room, at);
    assert_eq!(ada.ends().await.1, CloseReason::GivenUp);
    let (_, seats) = bob.hears("seats").await;
    assert_eq!(seats["seats"][1], "bot");
    room.hang_up(at);
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
    room.hear(on(at), (201, Input::default()), 200);
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
    room.hang_up(players[usize::from(seat)].1);
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
    let mut stage = Stage::new(&MatchesConfig {
        seats: 3,
        ..config()
    });
    let ear = Arc::new(Ear::default());
    stage.phase = Phase::Playing(View {
        tick: 700,
        lives: vec![1, 2, 0],
        snapshot: Bytes::new(),
    });
    let welcome = |_| Utf8Bytes::from_static(r#"{"type":"welcome"}"#);
    let mut sit = |seat| stage.sit_down(seat, sitter("Ada"), &ear.listener(), welcome);
    assert_eq!(sit(2), Err(TooLate::Out));
    assert_eq!(sit(3), Err(TooLate::Out));
    assert!(sit(1).is_ok());
    stage.is_settled = true;
    stage.end(Some(1), Instant::now());
    let late = stage.sit_down(0, sitter("Bob"), &ear.listener(), welcome);
    assert_eq!(late, Err(TooLate::Over));
    assert_eq!(ear.kinds(), ["welcome", "started", "result"]);
}
