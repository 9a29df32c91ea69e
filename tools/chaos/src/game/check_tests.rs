//! Made-up logs, each with one thing wrong, which is found and named.

use std::time::Duration;

use super::{
    check::{Findings, check},
    log::{End, Log},
};

/// The log of a player who was in a match from 1 s to 60 s, and saw these ticks of one epoch after another.
fn log(player: usize, epochs: &[(u32, std::ops::RangeInclusive<u32>)]) -> Log {
    let mut log = Log {
        player,
        match_id: "m".to_owned(),
        seat: player as u8,
        entered: Duration::from_secs(1),
        heard: Duration::from_secs(60),
        results: vec!["winner 3".to_owned()],
        end: Some(End::Told),
        ..Log::default()
    };
    for (epoch, ticks) in epochs {
        let at = Duration::from_secs(u64::from(*epoch));
        log.welcomed(at, *epoch, &format!("server-{epoch}"), false);
        for tick in ticks.clone() {
            log.shown(tick, hash(*epoch, tick));
        }
    }
    log
}

/// In each epoch other states than in the one before.
fn hash(epoch: u32, tick: u32) -> u32 {
    epoch * 1_000 + tick
}

/// The same, but every match came from one server to the next in order.
fn orderly(mut log: Log) -> Log {
    for stay in &mut log.stays {
        stay.is_orderly = true;
    }
    log
}

/// That nothing was found but what `wrong` counts, once, and that its example has these words.
fn only(logs: &[Log], wrong: impl Fn(&mut Findings) -> &mut u64, words: &str) {
    let mut findings = check(logs);
    let example = findings.examples.first().cloned().unwrap_or_default();
    assert!(example.contains(words), "{example}");
    assert_eq!(findings.examples.len(), 1, "{findings:?}");
    let count = wrong(&mut findings);
    assert_eq!(*count, 1);
    *count = 0;
    assert_eq!(findings.wrong(), Vec::<String>::new());
}

#[test]
fn all_is_well_where_two_saw_the_same() {
    let findings = check(&[log(0, &[(1, 1..=40)]), log(1, &[(1, 1..=40)])]);
    assert_eq!(findings.wrong(), Vec::<String>::new());
    assert_eq!(
        (findings.matches, findings.snapshots, findings.compared),
        (1, 80, 40)
    );
}

#[test]
fn a_state_that_is_not_the_same_for_all_is_found() {
    let mut other = log(1, &[(1, 1..=40)]);
    other.stays[0].shown[19].1 = 7;
    only(
        &[log(0, &[(1, 1..=40)]), other],
        |findings| &mut findings.differ,
        "match m: player 1 saw 00000007 at tick 20 on epoch 1",
    );
}

#[test]
fn twenty_ticks_may_be_played_again_after_a_loss_and_come_out_differently() {
    let findings = check(&[log(0, &[(1, 1..=60), (2, 41..=90)])]);
    assert_eq!(findings.wrong(), Vec::<String>::new());
    assert_eq!((findings.again, findings.moves), (20, 1));
}

#[test]
fn a_twenty_first_is_found_also_where_another_player_saw_it() {
    let first = log(0, &[(1, 1..=61)]);
    let second = log(1, &[(1, 1..=50), (2, 41..=90)]);
    only(
        &[first, second],
        |findings| &mut findings.again_too_many,
        "match m: epoch 2 played 21 ticks again, from 41 to 61, where 20 may be",
    );
}

#[test]
fn none_may_be_played_again_after_a_drain() {
    let drained = |from: u32| orderly(log(0, &[(1, 1..=60), (2, from..=90)]));
    assert_eq!(check(&[drained(61)]).wrong(), Vec::<String>::new());
    only(
        &[drained(60)],
        |findings| &mut findings.again_too_many,
        "epoch 2 played 1 ticks again, from 60 to 60, where 0 may be",
    );
}

#[test]
fn the_state_from_which_a_server_goes_on_may_be_shown_once_more() {
    let mut drained = orderly(log(0, &[(1, 1..=60), (2, 60..=90)]));
    drained.stays[1].shown[0].1 = hash(1, 60);
    let findings = check(&[drained]);
    assert_eq!(findings.wrong(), Vec::<String>::new());
    assert_eq!(findings.again, 0);
}

#[test]
fn whoever_goes_back_within_an_epoch_or_to_an_older_one_is_found() {
    let mut back = log(0, &[(1, 1..=40)]);
    back.shown(30, hash(1, 30));
    only(
        &[back],
        |findings| &mut findings.back,
        "went from tick 40 back to 30",
    );
    let mut older = log(0, &[(1, 1..=40), (2, 41..=50)]);
    older.welcomed(Duration::from_secs(9), 1, "server-1", false);
    only(
        &[older],
        |findings| &mut findings.back,
        "came from epoch 2 of server-2 to epoch 1 of server-1",
    );
}

#[test]
fn an_epoch_that_two_servers_have_is_found() {
    let mut split = log(1, &[]);
    split.welcomed(Duration::from_secs(1), 1, "server-9", false);
    only(
        &[log(0, &[(1, 1..=40)]), split],
        |findings| &mut findings.split,
        r#"epoch 1 was on {"server-1", "server-9"}"#,
    );
}

#[test]
fn a_seat_that_two_have_is_found_and_one_after_the_other_may_have_it() {
    let mut second = log(1, &[(1, 30..=40)]);
    second.seat = 0;
    second.entered = Duration::from_secs(60);
    let first = log(0, &[(1, 1..=40)]);
    let fine = check(&[first.clone(), second.clone()]);
    assert_eq!(fine.wrong(), Vec::<String>::new());
    second.entered = Duration::from_secs(59);
    only(
        &[first, second],
        |findings| &mut findings.seats_twice,
        "player 1 got seat 0 at 59.0 s, which was player 0's",
    );
}

#[test]
fn two_results_are_found() {
    let mut other = log(1, &[(1, 1..=40)]);
    other.results = vec!["winner 5".to_owned()];
    only(
        &[log(0, &[(1, 1..=40)]), other],
        |findings| &mut findings.different,
        r#"its results are {"winner 3", "winner 5"}"#,
    );
    let mut twice = log(0, &[(1, 1..=40)]);
    twice.results.push("winner 3".to_owned());
    only(
        &[twice],
        |findings| &mut findings.doubled,
        "was told winner 3 and winner 3",
    );
}

#[test]
fn a_missing_result_is_found_but_not_of_somebody_who_was_out() {
    let mut lost = log(1, &[(1, 1..=40)]);
    lost.results.clear();
    lost.end = Some(End::Lost("the match is nowhere any more".to_owned()));
    only(
        &[log(0, &[(1, 1..=40)]), lost.clone()],
        |findings| &mut findings.missing,
        "player 1 was told no result, was shown tick 40 last at 60.0 s: the match is nowhere any more",
    );
    // Somebody else has seen how its goat fell for the last time.
    let mut other = log(0, &[(1, 1..=40)]);
    other.out.insert(1);
    let findings = check(&[other, lost]);
    assert_eq!(findings.wrong(), Vec::<String>::new());
}

#[test]
fn a_match_that_never_ends_is_found() {
    let mut endless = log(0, &[(1, 1..=40)]);
    endless.results.clear();
    endless.end = None;
    only(
        &[endless],
        |findings| &mut findings.unended,
        "player 0 was still in it at the end",
    );
}
