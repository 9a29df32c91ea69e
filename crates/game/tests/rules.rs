//! What the players of a match notice of its rules.

use game::{
    Direction, Goat, Input, LIVES, MAX_CHARGE, MAX_TICKS, Outcome, RADIUS, Standing, State,
    TICKS_PER_SECOND, UNITS,
};

const EAST: u8 = 0;
const WEST: u8 = 16;

const HOLD: Input = Input {
    direction: None,
    hold: true,
};

fn walk(direction: u8) -> Input {
    Input {
        direction: Direction::new(direction),
        hold: false,
    }
}

/// Two goats that look east, so many pixels east of the middle.
fn two_at(first: i32, second: i32) -> State {
    let mut state = State::new(0, 2);
    for (goat, x) in state.goats.iter_mut().zip([first, second]) {
        (goat.x, goat.y) = (x * UNITS, 0);
        goat.facing = Direction::default();
    }
    state
}

/// How far the first goat of two throws the second, in pixels, when it has charged for so many ticks.
fn throw(charge: usize) -> i32 {
    let mut state = two_at(-80, -40);
    for _ in 0..charge {
        state.step(&[HOLD]);
    }
    for _ in 0..2 * TICKS_PER_SECOND {
        state.step(&[]);
    }
    state.goats[1].x / UNITS + 40
}

#[test]
fn a_butt_throws_the_farther_the_longer_it_was_charged_and_a_second_is_the_most() {
    let thrown: Vec<i32> = (0..=MAX_CHARGE.into()).step_by(4).map(throw).collect();
    assert_eq!(thrown[0], 0);
    assert!(thrown.is_sorted_by(|less, more| less < more), "{thrown:?}");
    let [tap, most] = [throw(1), throw(MAX_CHARGE.into())];
    assert!((5..30).contains(&tap), "{tap}");
    assert!((120..220).contains(&most), "{most}");
    assert_eq!(throw(100), most);
}

#[test]
fn a_tap_is_felt_even_if_it_is_over_within_a_tick_or_comes_while_a_lunge_goes_on() {
    let mut state = two_at(-60, 60);
    for charge in [1, 2, 1] {
        for _ in 0..charge {
            state.step(&[HOLD]);
        }
        state.step(&[]);
        assert_eq!(state.goats[0].force, charge);
        assert!(state.goats[0].vx > 0);
    }
}

#[test]
fn who_charges_only_creeps_and_lunges_faster_than_it_walks() {
    let way = |hold: bool| {
        let mut state = two_at(-60, 60);
        let input = Input { hold, ..walk(8) };
        for _ in 0..10 {
            state.step(&[input]);
        }
        state.goats[0].y
    };
    assert!(way(true) > 0 && way(true) * 2 < way(false));
    let mut state = two_at(-60, 60);
    state.step(&[walk(8)]);
    state.goats[0].charge = MAX_CHARGE;
    state.step(&[]);
    assert!(state.goats[0].vy > 2 * 8 * UNITS);
}

#[test]
fn who_is_hit_faints_and_forgets_what_it_was_charging_for() {
    let mut state = two_at(-60, -20);
    state.goats[0].charge = MAX_CHARGE;
    state.step(&[Input::default(), HOLD]);
    assert_eq!((state.goats[1].fainted, state.goats[1].charge), (14, 0));
    let mut ticks = 0;
    while state.goats[1].fainted > 0 {
        let before = state.goats[1].vx;
        state.step(&[Input::default(), walk(WEST)]);
        assert!(
            (0..before).contains(&state.goats[1].vx),
            "it slides, and does not walk"
        );
        ticks += 1;
    }
    assert_eq!(ticks, 14);
    for _ in 0..10 {
        state.step(&[Input::default(), walk(WEST)]);
    }
    assert!(state.goats[1].vx < 0);
}

#[test]
fn who_hits_somebody_stops_there() {
    let mut state = two_at(-60, -20);
    state.goats[0].charge = MAX_CHARGE;
    state.step(&[]);
    let hit = state.goats[0];
    assert_eq!((hit.lunge, hit.force), (0, 0));
    for _ in 0..TICKS_PER_SECOND {
        state.step(&[]);
    }
    assert!(state.goats[0].x < -20 * UNITS);
}

#[test]
fn who_lunges_past_somebody_or_away_hits_nobody() {
    for direction in [8, WEST, 24] {
        let mut state = two_at(-22, 22);
        state.goats[0].charge = MAX_CHARGE;
        state.step(&[walk(direction)]);
        state.step(&[]);
        assert_eq!(state.goats[1].fainted, 0, "{direction}");
    }
}

#[test]
fn two_that_run_into_each_other_are_thrown_alike() {
    let mut state = two_at(-30, 30);
    state.goats[1].facing = Direction::new(WEST).unwrap();
    for goat in &mut state.goats {
        goat.charge = MAX_CHARGE;
    }
    for _ in 0..10 {
        state.step(&[]);
        let [one, other] = [state.goats[0], state.goats[1]];
        let mirrored = Goat {
            x: -other.x,
            vx: -other.vx,
            facing: Direction::default(),
            ..other
        };
        assert_eq!(one, mirrored);
    }
    assert!(state.goats[0].x < -60 * UNITS);
}

#[test]
fn nobody_runs_through_anybody() {
    let mut state = two_at(-40, 40);
    state.goats[0].charge = MAX_CHARGE;
    state.goats[1].facing = Direction::new(WEST).unwrap();
    state.goats[1].charge = MAX_CHARGE;
    for _ in 0..40 {
        state.step(&[walk(EAST), walk(WEST)]);
        assert!(state.goats[0].x < state.goats[1].x);
    }
}

#[test]
fn who_falls_loses_a_life_and_is_back_after_two_seconds_where_nobody_stands() {
    let mut state = two_at(0, 280);
    state.goats[0].x = 5 * state.radius / 8;
    while state.goats[1].is_up() {
        state.step(&[Input::default(), walk(EAST)]);
    }
    assert_eq!(state.goats[1].lives, LIVES - 1);
    let fell = state.tick;
    while !state.goats[1].is_up() {
        // It is nowhere, so it does nothing.
        state.step(&[
            Input::default(),
            Input {
                hold: true,
                ..walk(EAST)
            },
        ]);
    }
    assert_eq!(state.tick - fell, 2 * TICKS_PER_SECOND);
    let [one, other] = [state.goats[0], state.goats[1]];
    let apart = f64::from(one.x - other.x).hypot(f64::from(one.y - other.y));
    assert!(apart > f64::from(2 * RADIUS));
    assert!(other.x > 0, "it is back on the side on which it fell");
    assert_eq!((other.vx, other.vy, other.charge), (0, 0, 0));
}

#[test]
fn the_last_one_with_lives_wins_and_nothing_happens_after() {
    let mut state = two_at(0, 280);
    state.goats[1].lives = 1;
    assert_eq!(state.outcome(), Outcome::Playing);
    while state.outcome() == Outcome::Playing {
        state.step(&[Input::default(), walk(EAST)]);
    }
    assert_eq!(state.outcome(), Outcome::Won(0));
    assert_eq!(state.goats[1].standing, Standing::Out);
    let end = state.clone();
    state.step(&[walk(EAST), walk(EAST)]);
    assert_eq!(state, end);
}

#[test]
fn when_the_last_ones_fall_together_nobody_wins() {
    let mut state = two_at(-280, 280);
    for goat in &mut state.goats {
        goat.lives = 1;
    }
    while state.outcome() == Outcome::Playing {
        state.step(&[walk(WEST), walk(EAST)]);
    }
    assert_eq!(state.outcome(), Outcome::Drawn);
}

#[test]
fn when_time_is_up_more_lives_win_and_as_many_do_not() {
    let mut state = two_at(-60, 60);
    state.tick = MAX_TICKS - 1;
    state.step(&[]);
    assert_eq!(state.outcome(), Outcome::Drawn);
    state.goats[0].lives -= 1;
    assert_eq!(state.outcome(), Outcome::Won(1));
}

#[test]
fn the_mountaintop_shrinks_for_a_minute_and_then_stays_as_it_is() {
    // Nobody does anything: who stands too far out falls when the edge comes, and is back farther in.
    let mut state = State::new(1, 8);
    assert_eq!(state.radius, game::MAX_RADIUS);
    while state.outcome() == Outcome::Playing {
        let before = state.radius;
        state.step(&[]);
        let shrinks = state.tick <= 60 * TICKS_PER_SECOND;
        assert_eq!(state.radius < before, shrinks, "tick {}", state.tick);
    }
    assert_eq!(state.radius, game::MIN_RADIUS);
    assert_eq!(state.tick, MAX_TICKS);
}

#[test]
fn the_seed_says_who_begins_where_and_nobody_has_a_place_of_its_own() {
    for seats in 2..=8 {
        let places = |seed| {
            let state = State::new(seed, seats);
            let places = state.goats.iter().map(|goat| (goat.x, goat.y));
            places.collect::<Vec<_>>()
        };
        assert_eq!(places(7), places(7));
        let of_first: std::collections::BTreeSet<_> =
            (0..500).map(|seed| places(seed)[0]).collect();
        assert!(of_first.len() >= 30, "{seats}: {}", of_first.len());
        for seed in 0..500 {
            let places = places(seed);
            for (seat, (x, y)) in places.iter().enumerate() {
                for (other_x, other_y) in &places[..seat] {
                    let apart = f64::from(x - other_x).hypot(f64::from(y - other_y));
                    assert!(apart > f64::from(6 * RADIUS), "{seats} seats, seed {seed}");
                }
            }
        }
    }
}

#[test]
fn there_are_two_to_eight_goats_whatever_is_asked_for() {
    for (asked, seats) in [
        (0, 2),
        (1, 2),
        (2, 2),
        (5, 5),
        (8, 8),
        (9, 8),
        (usize::MAX, 8),
    ] {
        assert_eq!(State::new(3, asked).goats.len(), seats);
    }
}
