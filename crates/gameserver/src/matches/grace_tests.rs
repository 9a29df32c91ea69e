//! Players whose sockets end or say nothing, and who come back.

use std::{sync::Arc, time::Duration};

use game::{Direction, Input};
use matches::MatchId;
use protocol::{CloseReason, game::ResumeToken};
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

use super::{
    config::MatchesConfig,
    director::claim,
    presence::NoWayBack,
    room::Room,
    testing::{Ear, config, on, server, sit, sitter, watch},
};
use crate::seats::table::At;

/// The token that a welcome offers.
async fn token(ear: &Ear) -> ResumeToken {
    let (_, welcome) = ear.hears("welcome").await;
    serde_json::from_value(welcome["resume"].clone()).unwrap()
}

fn resume(room: &Room, seat: u8, token: ResumeToken) -> Result<(Arc<Ear>, At), NoWayBack> {
    let ear = Arc::new(Ear::default());
    let at = room.resume(seat, token, &ear.listener())?;
    Ok((ear, at))
}

/// Waits until this is told of a seat.
async fn until_seat(ear: &Ear, seat: usize, holder: &str) -> Instant {
    loop {
        let (at, seats) = ear.hears("seats").await;
        assert_eq!(seats["names"][seat], "Ada", "the name is kept");
        if seats["seats"][seat] == holder {
            return at;
        }
    }
}

fn to(direction: u8) -> Input {
    Input {
        direction: Direction::new(direction),
        hold: false,
    }
}

#[tokio::test(start_paused = true)]
async fn who_is_away_lies_still_then_a_bot_plays_and_the_player_takes_the_seat_back() {
    let (rooms, book) = server(&config());
    let id = MatchId::random();
    let (bob, ..) = sit(&rooms, &id, 0);
    let (ada, at, room) = sit(&rooms, &id, 3);
    let token = token(&ada).await;
    bob.hears("started").await;
    room.hear(on(at), (1, to(0)), 0);
    sleep(Duration::from_millis(200)).await;
    assert_eq!(bob.newest().last_inputs[3], 1);
    let left = Instant::now();
    room.hang_up(at);
    until_seat(&bob, 3, "away").await;
    assert_eq!(room.report().unwrap().taken.len(), 2, "the seat was freed");
    // It slides on for a moment.
    sleep(Duration::from_secs(1)).await;
    let lies = bob.newest().state.goats[3];
    let bot_at = until_seat(&bob, 3, "bot").await;
    assert_eq!((bot_at - left).as_secs(), 20);
    assert_eq!(lies.charge, 0);
    assert_eq!(room.report().unwrap().taken.len(), 2, "the seat was freed");
    let (back, at) = resume(&room, 3, token).unwrap();
    until_seat(&bob, 3, "player").await;
    let (_, welcome) = back.hears("welcome").await;
    assert_eq!(
        (&welcome["seat"], &welcome["grace_ms"]),
        (&json!(3), &json!(20_000))
    );
    let (_, started) = back.hears("started").await;
    assert_eq!(started["seats"][3], "player");
    assert_eq!(back.seen(), 1);
    // Whatever was counted before, the first input counts.
    room.hear(on(at), (1, to(8)), 0);
    sleep(Duration::from_millis(100)).await;
    assert_eq!(back.newest().last_inputs[3], 1);
    assert!(book.freed.lock().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_goat_whose_player_is_away_goes_nowhere() {
    let (rooms, _) = server(&MatchesConfig {
        seats: 2,
        ..config()
    });
    let id = MatchId::random();
    let (ada, at, room) = sit(&rooms, &id, 0);
    let (bob, ..) = sit(&rooms, &id, 1);
    bob.hears("started").await;
    let facing = ada.newest().state.goats[0].facing;
    room.hear(on(at), (1, to(facing.number())), 0);
    sleep(Duration::from_millis(300)).await;
    let runs = bob.newest().state.goats[0];
    assert_ne!((runs.vx, runs.vy), (0, 0));
    room.hang_up(at);
    sleep(Duration::from_secs(3)).await;
    let lies = bob.newest().state.goats[0];
    assert_eq!((lies.vx, lies.vy), (0, 0));
    sleep(Duration::from_secs(1)).await;
    let later = bob.newest().state.goats[0];
    assert_eq!((later.x, later.y), (lies.x, lies.y));
}

#[tokio::test(start_paused = true)]
async fn whose_socket_only_says_nothing_is_away_too_until_it_says_something() {
    let (rooms, _) = server(&config());
    let id = MatchId::random();
    let (bob, ..) = sit(&rooms, &id, 0);
    let (_ada, at, room) = sit(&rooms, &id, 3);
    bob.hears("started").await;
    // Bob has never said anything, so nobody can tell that something is missing.
    room.hear(on(at), (1, to(0)), 0);
    let heard = Instant::now();
    let away = until_seat(&bob, 3, "away").await;
    assert!((700..900).contains(&(away - heard).as_millis()));
    room.hear(on(at), (40, to(0)), 0);
    until_seat(&bob, 3, "player").await;
    let resting = Instant::now();
    room.hear(on(at), (60, Input::default()), 0);
    let away = until_seat(&bob, 3, "away").await;
    assert!((2_400..3_200).contains(&(away - resting).as_millis()));
    until_seat(&bob, 3, "bot").await;
    // The network was away for longer than that, and the socket has survived it.
    room.hear(on(at), (600, Input::default()), 0);
    until_seat(&bob, 3, "player").await;
}

#[tokio::test(start_paused = true)]
async fn what_an_older_socket_does_after_a_resume_moves_nothing_and_is_counted() {
    let (rooms, _) = server(&config());
    let (old, old_at, room) = sit(&rooms, &MatchId::random(), 4);
    let token = token(&old).await;
    old.hears("started").await;
    room.hear(on(old_at), (3, to(0)), 0);
    let (new, new_at) = resume(&room, 4, token).unwrap();
    assert_eq!(old.ends().await.1, CloseReason::Replaced);
    room.hear(on(new_at), (2, Input::default()), 0);
    sleep(Duration::from_millis(150)).await;
    // It was kept back, and is let through now.
    room.hear(on(old_at), (5, to(8)), 0);
    room.hang_up(old_at);
    sleep(Duration::from_millis(500)).await;
    assert_eq!(new.newest().last_inputs[4], 2);
    assert_eq!(room.report().unwrap().taken.len(), 1);
    assert!(
        !new.kinds().contains(&"seats".to_owned()),
        "{:?}",
        new.kinds()
    );
    let counters = serde_json::to_value(&*rooms.counters).unwrap();
    assert_eq!(counters["inputs_stale"], 1);
}

#[tokio::test(start_paused = true)]
async fn the_newest_ticket_has_the_seat_and_makes_all_tokens_void() {
    let (rooms, book) = server(&config());
    let id = MatchId::random();
    let (old, old_at, room) = sit(&rooms, &id, 4);
    let first = token(&old).await;
    old.hears("started").await;
    let (new, ..) = sit(&rooms, &id, 4);
    assert_eq!(old.ends().await.1, CloseReason::Replaced);
    room.hang_up(old_at);
    assert!(book.freed.lock().is_empty());
    assert_eq!(resume(&room, 4, first).err(), Some(NoWayBack::Refused));
    assert!(new.end.lock().is_none());
    let second = token(&new).await;
    assert_eq!(resume(&room, 3, second).err(), Some(NoWayBack::Lost));
    sit(&rooms, &id, 3);
    assert_eq!(resume(&room, 3, second).err(), Some(NoWayBack::Refused));
    assert_eq!(resume(&room, 200, second).err(), Some(NoWayBack::Lost));
    assert!(resume(&room, 4, second).is_ok());
}

#[tokio::test(start_paused = true)]
async fn a_match_whose_players_are_all_away_goes_on_for_twenty_seconds() {
    // Without bots nobody falls meanwhile.
    let (rooms, book) = server(&MatchesConfig {
        seats: 2,
        ..config()
    });
    let id = MatchId::random();
    let (ada, ada_at, room) = sit(&rooms, &id, 0);
    let (bob, bob_at, _) = sit(&rooms, &id, 1);
    let watcher = watch(&room);
    let (first, _) = (token(&ada).await, bob.hears("started").await);
    room.hang_up(ada_at);
    sleep(Duration::from_secs(5)).await;
    room.hang_up(bob_at);
    let left = Instant::now();
    let (at, cancelled) = watcher.hears("cancelled").await;
    assert_eq!((at - left).as_secs(), 20);
    assert_eq!(cancelled["code"], "deserted");
    assert_eq!(book.finished.lock()[0].1.cancelled, Some("deserted"));
    // Whoever comes back now sees what has become of it.
    let (back, _) = resume(&room, 0, first).unwrap();
    assert_eq!(back.hears("cancelled").await.1["code"], "deserted");
    assert_eq!(watcher.ends().await.1, CloseReason::MatchOver);
}

#[tokio::test(start_paused = true)]
async fn before_a_match_begins_a_seat_is_kept_for_twenty_seconds_too() {
    let (rooms, book) = server(&MatchesConfig {
        gather: Duration::from_secs(60),
        ..config()
    });
    let id = MatchId::random();
    let (ada, at, room) = sit(&rooms, &id, 0);
    let first = token(&ada).await;
    let (bob, ..) = sit(&rooms, &id, 1);
    let (_, gathering) = bob.hears("gathering").await;
    assert_eq!(gathering["seats"][0], "player");
    room.hang_up(at);
    let (_, gathering) = bob.hears("gathering").await;
    assert_eq!(gathering["seats"][0], "away");
    sleep(Duration::from_secs(19)).await;
    let (back, at) = resume(&room, 0, first).unwrap();
    assert_eq!(bob.hears("gathering").await.1["seats"][0], "player");
    let second = token(&back).await;
    room.hang_up(at);
    assert_eq!(bob.hears("gathering").await.1["seats"][0], "away");
    let left = Instant::now();
    let (freed_at, gathering) = bob.hears("gathering").await;
    assert_eq!((freed_at - left).as_secs(), 20);
    assert_eq!(gathering["seats"][0], "free");
    assert_eq!(gathering["names"][0], Value::Null);
    let freed = book.freed.lock().clone();
    assert_eq!((freed.len(), freed[0].0.seat, freed[0].1), (1, 0, false));
    assert_eq!(resume(&room, 0, second).err(), Some(NoWayBack::Lost));
}

#[tokio::test(start_paused = true)]
async fn who_comes_back_while_the_result_is_shown_sees_it() {
    let (rooms, _) = server(&config());
    let id = MatchId::random();
    let (ada, at, room) = sit(&rooms, &id, 0);
    let first = token(&ada).await;
    let (bob, ..) = sit(&rooms, &id, 1);
    let (_, result) = bob.hears("result").await;
    room.hang_up(at);
    sleep(Duration::from_secs(5)).await;
    let (back, _) = resume(&room, 0, first).unwrap();
    let (_, again) = back.hears("result").await;
    assert_eq!(again["winner"], result["winner"]);
    let left = again["closes_in_ms"].as_u64().unwrap();
    assert!((4_900..=5_000).contains(&left), "{left}");
    assert_eq!(back.seen(), 1);
    assert_eq!(back.ends().await.1, CloseReason::MatchOver);
    sleep(Duration::from_secs(1)).await;
    assert!(rooms.get(&id).is_none());
    // By a ticket there is nothing to take part in.
    let late = Arc::new(Ear::default()).listener();
    assert!(room.sit_down(0, sitter("Ada"), &late).is_err());
}

#[tokio::test(start_paused = true)]
async fn whose_goat_is_out_may_look_on_and_come_back_but_nobody_waits_for_them() {
    let (rooms, book) = server(&MatchesConfig {
        gather: Duration::ZERO,
        ..config()
    });
    let id = MatchId::random();
    let (ada, at, room) = sit(&rooms, &id, 0);
    let first = token(&ada).await;
    while book.freed.lock().is_empty() {
        sleep(Duration::from_millis(50)).await;
    }
    room.hang_up(at);
    // Nobody else is here, so the match is over at the next tick.
    sleep(Duration::from_millis(100)).await;
    assert_eq!(book.finished.lock()[0].1.cancelled, Some("deserted"));
    let (back, _) = resume(&room, 0, first).unwrap();
    assert_eq!(back.hears("cancelled").await.1["code"], "deserted");
    assert!(claim(&rooms, &id, 0).is_some());
}
