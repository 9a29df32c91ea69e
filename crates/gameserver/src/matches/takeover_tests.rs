//! Matches that go from one server to another, and servers that do not know whether theirs are still theirs.

use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use game::{Input, State, snapshot};
use matches::{Checkpoint, MatchId, TakenOver};
use protocol::CloseReason;
use serde_json::json;
use tokio::time::{Instant, sleep};

use super::{
    checkpoint::{self, VERSION},
    config::MatchesConfig,
    director::{adopt, claim},
    presence::NoWayBack,
    room::Room,
    rooms::Rooms,
    stage::TooLate,
    testing::{Ear, config, on, server, sit, sitter, watch},
};

/// What the directory would give to another server.
fn taken(room: &Room, checkpoint: Checkpoint) -> TakenOver {
    let report = room.report().unwrap();
    TakenOver {
        id: room.id.clone(),
        epoch: report.epoch + 1,
        checkpoint,
        seats: report.taken,
        out: report.out,
        is_handed_over: false,
    }
}

/// The states that somebody has seen, by the bytes, which are as exact.
fn states(ear: &Ear) -> Vec<State> {
    let snapshots = ear.snapshots.lock();
    let states = snapshots.iter().map(|bytes| snapshot::decode(bytes));
    states.map(|snapshot| snapshot.unwrap().state).collect()
}

/// Somebody who has come to a match that was taken over.
fn come(rooms: &Arc<Rooms>, id: &MatchId, seat: usize) -> (Arc<Ear>, Arc<Room>) {
    let (ear, _, room) = sit(rooms, id, seat);
    (ear, room)
}

#[tokio::test(start_paused = true)]
async fn a_match_that_is_handed_over_goes_on_with_the_next_tick_as_if_nothing_had_happened() {
    // Once on one server, and once on two.
    let (alone, _) = server(&config());
    let id = MatchId::random();
    let (_ada, _, room) = sit(&alone, &id, 3);
    let expected = watch(&room);
    expected.hears("result").await;

    let (first, book) = server(&config());
    let (ada, _, room) = sit(&first, &id, 3);
    let before = watch(&room);
    ada.hears("started").await;
    sleep(Duration::from_millis(5_025)).await;
    let checkpoint = room.halt().unwrap();
    assert_eq!((checkpoint.version, checkpoint.tick), (VERSION, 100));
    let taken = taken(&room, checkpoint);
    sleep(Duration::from_secs(1)).await;
    assert!(ada.end.lock().is_none(), "it is not handed over yet");
    first.move_away(&room);
    assert_eq!(ada.ends().await.1, CloseReason::Moved);
    assert_eq!(before.ends().await.1, CloseReason::Moved);
    assert!(first.get(&id).is_none() && first.has_moved(&id));
    assert!(first.report().is_empty() && first.checkpoints().is_empty());

    let (second, _) = server(&MatchesConfig {
        seed: Some(99),
        ..config()
    });
    adopt(&second, &taken).unwrap();
    let (_ada, room) = come(&second, &id, 3);
    let after = watch(&room);
    after.hears("result").await;
    let mut seen = states(&before);
    assert_eq!(seen.last().unwrap().tick, 100);
    // Whoever comes sees first where it stands.
    let goes_on = states(&after);
    assert_eq!(goes_on[0], *seen.last().unwrap());
    seen.extend_from_slice(&goes_on[1..]);
    let ticks: Vec<u32> = seen.iter().map(|state| state.tick).collect();
    assert!(ticks.iter().copied().eq(0..seen.len() as u32), "{ticks:?}");
    // Nobody has steered, and bots do the same anywhere.
    assert!(seen == states(&expected));
    assert!(book.finished.lock().is_empty(), "it has ended twice");
}

#[tokio::test(start_paused = true)]
async fn whoever_sat_there_is_waited_for_and_has_the_seat_back_with_a_ticket() {
    let (first, _) = server(&config());
    let id = MatchId::random();
    let (ada, at, room) = sit(&first, &id, 3);
    ada.hears("started").await;
    let (_, report) = (room.hear(on(at), (1, Input::default()), 0), room.report());
    sleep(Duration::from_millis(510)).await;
    let checkpoint = room.checkpoint().unwrap();
    let (second, book) = server(&config());
    let mut taken = taken(&room, checkpoint);
    taken.epoch = 7;
    // Somebody came after the last checkpoint.
    let mut late = report.unwrap().taken[0].clone();
    late.player = sitter("").player;
    late.seat = 5;
    taken.seats.push(late);
    let came = Instant::now();
    adopt(&second, &taken).unwrap();
    adopt(&second, &taken).unwrap();
    let room = second.get(&id).unwrap();
    let watcher = watch(&room);
    let (_, welcome) = watcher.hears("welcome").await;
    assert_eq!(welcome["epoch"], 7);
    let (_, started) = watcher.hears("started").await;
    assert_eq!(started["seats"][3], "away");
    assert_eq!(started["names"][3], "Ada");
    assert_eq!(started["names"][5], "a goat");
    assert_eq!(started["names"][0], json!(null));
    assert_eq!(room.report().unwrap().taken, taken.seats);
    let (ada, ..) = come(&second, &id, 3);
    assert_eq!(ada.kinds(), ["welcome", "started"]);
    let (_, seats) = watcher.hears("seats").await;
    assert_eq!(seats["seats"][3], "player");
    let bot_at = loop {
        let (at, seats) = watcher.hears("seats").await;
        if seats["seats"][5] == "bot" {
            break at;
        }
    };
    assert_eq!((bot_at - came).as_secs(), 20);
    // Whoever only stands there may have lost all lives by then.
    assert!(book.freed.lock().iter().all(|(_, is_out)| *is_out));
    let counters = serde_json::to_value(&*second.counters).unwrap();
    assert_eq!(counters["taken_over"], 1);
}

#[tokio::test(start_paused = true)]
async fn a_match_in_which_only_those_are_left_who_are_out_is_played_to_its_end() {
    let (first, _) = server(&config());
    let id = MatchId::random();
    let (ada, _, room) = sit(&first, &id, 3);
    ada.hears("started").await;
    let mut taken = taken(&room, room.checkpoint().unwrap());
    taken.seats.clear();
    let (second, book) = server(&config());
    adopt(&second, &taken).unwrap();
    watch(&second.get(&id).unwrap()).hears("result").await;
    assert_eq!(book.finished.lock().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_match_that_gathers_gathers_anew_elsewhere_under_the_same_number() {
    let (first, _) = server(&config());
    let id = MatchId::random();
    let (ada, _, room) = sit(&first, &id, 2);
    ada.hears("gathering").await;
    sleep(Duration::from_secs(9)).await;
    let checkpoint = room.halt().unwrap();
    assert_eq!(checkpoint.tick, 0);
    let taken = taken(&room, checkpoint);
    first.move_away(&room);
    sleep(Duration::from_secs(5)).await;
    assert_eq!(ada.kinds(), Vec::<String>::new(), "it has begun here");
    let (second, _) = server(&config());
    second.next();
    let moved = Instant::now();
    adopt(&second, &taken).unwrap();
    let (ada, _) = come(&second, &id, 2);
    let (_, gathering) = ada.hears("gathering").await;
    assert_eq!(gathering["match"], 1);
    assert_eq!(gathering["names"][2], "Ada");
    let (began, _) = ada.hears("started").await;
    assert_eq!((began - moved).as_secs(), 10);
    ada.hears("result").await;
}

#[tokio::test(start_paused = true)]
async fn who_gives_up_in_a_match_from_elsewhere_leaves_it_to_those_who_have_tickets() {
    let (first, _) = server(&config());
    let id = MatchId::random();
    let (ada, _, room) = sit(&first, &id, 2);
    ada.hears("gathering").await;
    let taken = taken(&room, room.halt().unwrap());
    let (second, _) = server(&config());
    adopt(&second, &taken).unwrap();
    sleep(Duration::from_millis(10)).await;
    let room = second.get(&id).unwrap();
    room.evict(2, taken.seats[0].nonce);
    sleep(Duration::from_millis(10)).await;
    assert!(second.get(&id).is_none());
    let (.., room) = sit(&second, &id, 1);
    assert_eq!(room.report().unwrap().epoch, 2);
}

#[tokio::test(start_paused = true)]
async fn while_nobody_knows_whose_a_match_is_it_stands_still_and_nobody_is_told_anything() {
    let (rooms, book) = server(&config());
    let id = MatchId::random();
    let (ada, ada_at, room) = sit(&rooms, &id, 0);
    let (_bob, bob_at, _) = sit(&rooms, &id, 1);
    let bob = watch(&room);
    bob.hears("started").await;
    sleep(Duration::from_millis(1_025)).await;
    let at = |ear: &Ear| (ear.newest().state.tick, ear.kinds().len());
    let before = at(&bob);
    assert_eq!(before.0, 20);
    book.is_away.store(true, Ordering::Relaxed);
    room.hang_up(ada_at);
    sleep(Duration::from_secs(5)).await;
    room.hear(on(bob_at), (30, Input::default()), 20);
    assert_eq!(at(&bob), before);
    let counters = serde_json::to_value(&*rooms.counters).unwrap();
    assert_eq!(counters["held_ticks"], 100);
    assert_eq!(counters["ticks"], 20);
    assert!(ada.end.lock().is_none());
    book.is_away.store(false, Ordering::Relaxed);
    rooms.wake();
    let (_, seats) = bob.hears("seats").await;
    assert_eq!(seats["seats"][0], "away");
    sleep(Duration::from_millis(110)).await;
    assert!((21..24).contains(&bob.newest().state.tick));
    // No tick was left out.
    let ticks: Vec<u32> = states(&bob).iter().map(|state| state.tick).collect();
    assert!(ticks.iter().copied().eq(0..ticks.len() as u32), "{ticks:?}");
}

#[tokio::test(start_paused = true)]
async fn a_match_that_gathers_does_not_begin_while_nobody_knows_whose_it_is() {
    let (rooms, book) = server(&config());
    let (ada, ..) = sit(&rooms, &MatchId::random(), 0);
    ada.hears("gathering").await;
    book.is_away.store(true, Ordering::Relaxed);
    sleep(Duration::from_secs(60)).await;
    assert!(ada.kinds().is_empty());
    book.is_away.store(false, Ordering::Relaxed);
    rooms.wake();
    let again = Instant::now();
    let (began, _) = ada.hears("started").await;
    assert!(began - again < Duration::from_millis(20));
}

#[tokio::test(start_paused = true)]
async fn what_is_another_servers_ends_here_without_a_word() {
    let (rooms, book) = server(&config());
    let (played, gathers) = (MatchId::random(), MatchId::random());
    let (ada, at, room) = sit(&rooms, &played, 0);
    ada.hears("started").await;
    let (bob, ..) = sit(&rooms, &gathers, 0);
    bob.hears("gathering").await;
    sleep(Duration::from_secs(1)).await;
    let (seen, kinds) = (ada.seen(), ada.kinds());
    rooms.fence(&played);
    rooms.fence(&gathers);
    rooms.fence(&gathers);
    room.hang_up(at);
    sleep(Duration::from_secs(120)).await;
    for ear in [&ada, &bob] {
        assert_eq!(ear.ends().await.1, CloseReason::Moved);
    }
    assert_eq!((ada.seen(), ada.kinds()), (seen, kinds));
    assert!(book.finished.lock().is_empty() && book.freed.lock().is_empty());
    assert!(rooms.report().is_empty() && rooms.unfinished().is_empty());
    // Who comes a moment later is told, too.
    let ear = Arc::new(Ear::default()).listener();
    assert_eq!(room.sit_down(0, sitter("Ada"), &ear), Err(TooLate::Moved));
    let token = protocol::game::ResumeToken::random();
    assert_eq!(room.resume(0, token, &ear).err(), Some(NoWayBack::Moved));
    let counters = serde_json::to_value(&*rooms.counters).unwrap();
    assert_eq!(counters["fenced"], 2);
}

#[tokio::test(start_paused = true)]
async fn a_result_is_told_when_the_directory_knows_it_and_not_before() {
    let (rooms, book) = server(&config());
    book.is_deaf.send_replace(true);
    let id = MatchId::random();
    let (ada, at, room) = sit(&rooms, &id, 0);
    ada.hears("started").await;
    while book.finished.lock().is_empty() {
        sleep(Duration::from_millis(50)).await;
    }
    sleep(Duration::from_secs(60)).await;
    assert!(!ada.kinds().contains(&"result".to_owned()));
    // The directory has to know meanwhile that it is this server's, and has no later checkpoint than the last one.
    let report = room.report().unwrap();
    assert!(!report.open);
    assert!(rooms.checkpoints().is_empty());
    assert_eq!(rooms.free(), 49);
    // By then it may have heard of the end, and say that nobody sits here any more.
    rooms.fence(&id);
    for held in &report.taken {
        room.evict(held.seat, held.nonce);
    }
    assert!(ada.end.lock().is_none());
    book.is_deaf.send_replace(false);
    let (_, result) = ada.hears("result").await;
    assert_eq!(result["closes_in_ms"], 10_000);
    assert!(room.report().is_none());
    assert_eq!(rooms.free(), 50);
    assert_eq!(ada.ends().await.1, CloseReason::MatchOver);
    room.hang_up(at);
}

#[tokio::test(start_paused = true)]
async fn a_result_of_what_is_another_servers_is_never_told() {
    let (rooms, book) = server(&config());
    book.is_fenced.store(true, Ordering::Relaxed);
    let id = MatchId::random();
    let (ada, ..) = sit(&rooms, &id, 0);
    assert_eq!(ada.ends().await.1, CloseReason::Moved);
    assert_eq!(book.finished.lock().len(), 1);
    let told = ada.kinds();
    let ends = |kind: &String| kind == "result" || kind == "cancelled";
    assert!(!told.iter().any(ends), "{told:?}");
    assert!(rooms.has_moved(&id));
}

#[tokio::test(start_paused = true)]
async fn what_was_told_is_not_told_again_until_something_changes() {
    let (rooms, _) = server(&config());
    let id = MatchId::random();
    let (claimed, _claim) = claim(&rooms, &MatchId::random(), 0).unwrap();
    assert!(claimed.checkpoint().is_none(), "nobody is there");
    let (ada, ..) = sit(&rooms, &id, 3);
    ada.hears("gathering").await;
    let told = rooms.checkpoints();
    assert_eq!(told.len(), 1);
    assert_eq!(rooms.checkpoints(), told, "nobody has heard it");
    rooms.keep(&told);
    assert!(rooms.checkpoints().is_empty());
    sit(&rooms, &id, 4);
    let told = rooms.checkpoints();
    let saved = checkpoint::read(&id, &told[0].1.bytes).unwrap();
    assert_eq!(saved.seats.iter().flatten().count(), 2);
    rooms.keep(&told);
    ada.hears("started").await;
    assert_eq!(rooms.checkpoints()[0].1.tick, 0);
    ada.hears("result").await;
    assert!(rooms.checkpoints().is_empty());
}
