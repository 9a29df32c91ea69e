//! What holds whatever the players do.

use game::{
    Direction, Goat, Input, MAX_SEATS, MAX_TICKS, Outcome, RADIUS, Standing, State, UNITS, bot,
    snapshot::{self, SnapshotError},
};
use proptest::{collection::vec, prelude::*};

fn an_input() -> impl Strategy<Value = Input> {
    let direction = (0..=Direction::COUNT).prop_map(Direction::new);
    (direction, any::<bool>()).prop_map(|(direction, hold)| Input { direction, hold })
}

/// Keys that stay as they are for a while, as people's do.
fn inputs_of_a_tick() -> impl Strategy<Value = (usize, Vec<Input>)> {
    (1..40_usize, vec(an_input(), 0..=MAX_SEATS + 1))
}

fn a_match() -> impl Strategy<Value = (u32, usize, Vec<(usize, Vec<Input>)>)> {
    (any::<u32>(), 2..=MAX_SEATS, vec(inputs_of_a_tick(), 0..120))
}

/// Any tick of any match.
fn a_state() -> impl Strategy<Value = State> {
    a_match().prop_map(|(seed, seats, inputs)| {
        let mut state = State::new(seed, seats);
        for (ticks, inputs) in inputs {
            (0..ticks).for_each(|_| state.step(&inputs));
        }
        state
    })
}

/// How much the two goats that are too close are too close, in sub-units.
fn overlap(state: &State) -> i32 {
    let up: Vec<_> = state.goats.iter().filter(|goat| goat.is_up()).collect();
    let mut most = 0;
    for (number, one) in up.iter().enumerate() {
        for other in &up[..number] {
            let apart = f64::from(one.x - other.x).hypot(f64::from(one.y - other.y));
            most = most.max(2 * RADIUS - apart as i32);
        }
    }
    most
}

proptest! {
    #[test]
    fn no_input_breaks_the_rules((seed, seats, inputs) in a_match()) {
        let mut state = State::new(seed, seats);
        let mut again = state.clone();
        for (ticks, inputs) in inputs {
            for _ in 0..ticks {
                let before = state.clone();
                state.step(&inputs);
                again.step(&inputs);
                prop_assert_eq!(state.hash(), again.hash());
                prop_assert!(state.tick <= MAX_TICKS);
                prop_assert!(overlap(&state) < UNITS, "goats overlap by {}", overlap(&state));
                for (was, is) in before.goats.iter().zip(&state.goats) {
                    prop_assert!(is.x.abs().max(is.y.abs()) < 1 << 15);
                    prop_assert!(is.vx.abs().max(is.vy.abs()) <= 40 * UNITS);
                    prop_assert!(is.lives == was.lives || is.lives + 1 == was.lives);
                    prop_assert_eq!(is.lives == 0, is.standing == Standing::Out);
                    prop_assert!(is.is_up() || is.charge + is.lunge + is.fainted == 0);
                    let from_middle = f64::from(is.x).hypot(f64::from(is.y)) as i32;
                    prop_assert!(!is.is_up() || from_middle <= state.radius);
                }
            }
        }
    }

    #[test]
    fn every_match_ends_whatever_is_done(seed: u32, seats in 2..=MAX_SEATS, inputs in vec(an_input(), 8)) {
        let mut state = State::new(seed, seats);
        for _ in 0..MAX_TICKS {
            state.step(&inputs);
        }
        prop_assert_ne!(state.outcome(), Outcome::Playing);
    }

    #[test]
    fn who_reads_a_snapshot_has_the_very_same_match(
        state in a_state(),
        number: u16,
        last_inputs in vec(any::<u16>(), MAX_SEATS),
    ) {
        let bytes = snapshot::encode(&state, number, &last_inputs);
        prop_assert_eq!(bytes.len(), 10 + 14 * state.goats.len());
        prop_assert_eq!(bytes[0], snapshot::KIND);
        let mut read = snapshot::decode(&bytes).unwrap();
        prop_assert_eq!(read.match_number, number);
        prop_assert_eq!(&read.last_inputs, &last_inputs[..state.goats.len()]);
        prop_assert_eq!(&read.state, &state);
        prop_assert_eq!(read.state.hash(), state.hash());
        // And goes on with it as the server does.
        let mut state = state;
        for seat in 0..MAX_SEATS {
            let inputs = [bot(1, &state, seat)];
            state.step(&inputs);
            read.state.step(&inputs);
            prop_assert_eq!(read.state.hash(), state.hash());
        }
    }

    #[test]
    fn bytes_of_a_stranger_are_refused_and_never_end_the_reader(bytes in vec(any::<u8>(), 0..200)) {
        let _ = snapshot::decode(&bytes);
        let mut with_a_good_beginning = bytes;
        with_a_good_beginning.insert(0, snapshot::KIND);
        let _ = snapshot::decode(&with_a_good_beginning);
    }

    /// What is read of a spoilt snapshot can still be played, and written again.
    #[test]
    fn a_spoilt_snapshot_is_refused_or_is_another_match(
        state in a_state(),
        spoilt in vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
        inputs in vec(an_input(), MAX_SEATS),
    ) {
        let mut bytes = snapshot::encode(&state, 0, &[]);
        for (index, byte) in spoilt {
            let at = index.index(bytes.len());
            bytes[at] = byte;
        }
        if let Ok(mut read) = snapshot::decode(&bytes) {
            prop_assert_eq!(snapshot::encode(&read.state, read.match_number, &read.last_inputs), bytes);
            for _ in 0..50 {
                read.state.step(&inputs);
            }
            let written = snapshot::encode(&read.state, 0, &[]);
            prop_assert_eq!(snapshot::decode(&written).unwrap().state, read.state);
        }
    }

    /// The seats change places, and nothing else changes. All want to the middle, so that many touch at the same time.
    #[test]
    fn it_makes_no_difference_who_sits_where(
        state in a_state(),
        holds in vec(vec(any::<bool>(), MAX_SEATS), 80),
        order in Just((0..MAX_SEATS).collect::<Vec<_>>()).prop_shuffle(),
    ) {
        let seats = state.goats.len();
        let order: Vec<usize> = order.into_iter().filter(|seat| *seat < seats).collect();
        let changed = |state: &State| State {
            goats: order.iter().map(|seat| state.goats[*seat]).collect(),
            ..state.clone()
        };
        let (mut one, mut other) = (state.clone(), changed(&state));
        for holds in holds {
            let inputs = one.goats.iter().zip(holds).map(|(goat, hold)| Input {
                direction: Some(Direction::towards(-goat.x, -goat.y)),
                hold,
            });
            let inputs: Vec<Input> = inputs.collect();
            let changed_inputs: Vec<Input> = order.iter().map(|seat| inputs[*seat]).collect();
            let is_back = |goat: &&Goat| goat.standing == Standing::Climbing { ticks_left: 1 };
            // Who of two comes back first in the same tick cannot be settled without an order.
            if one.goats.iter().filter(is_back).count() > 1 {
                break;
            }
            one.step(&inputs);
            other.step(&changed_inputs);
            prop_assert_eq!(&other, &changed(&one));
        }
    }

    /// The hash tells any two states apart that differ in one number.
    #[test]
    fn a_match_that_differs_has_another_hash(state in a_state(), seat: prop::sample::Index) {
        let seat = seat.index(state.goats.len());
        let hash = state.hash();
        let mut moved = state.clone();
        moved.goats[seat].y += 1;
        let mut later = state.clone();
        later.tick += 1;
        let mut fainted = state;
        fainted.goats[seat].fainted += 1;
        for other in [moved, later, fainted] {
            prop_assert_ne!(other.hash(), hash);
        }
    }
}

#[test]
fn what_is_wrong_with_a_snapshot_is_told() {
    let good = snapshot::encode(&State::new(1, 2), 0, &[]);
    let with = |at: usize, byte: u8| {
        let mut bytes = good.clone();
        bytes[at] = byte;
        snapshot::decode(&bytes).unwrap_err().to_string()
    };
    assert_eq!(snapshot::decode(&[]), Err(SnapshotError::NoSnapshot));
    assert_eq!(with(0, 1), "a snapshot begins with a 2, and this does not");
    assert!(with(9, 3).contains("38 bytes"));
    for (at, byte, what) in [
        (6, 0x7f, "the tick"),
        (8, 0x7f, "the radius"),
        (11, 0x7f, "a place"),
        (15, 0x7f, "a speed"),
        (19, 21, "a charge"),
        (20, 1, "a lunge"),
        (21, 0x7f, "a faint"),
        (21, 0xff, "a way to climb"),
    ] {
        let told = format!("in this snapshot {what} is out of range");
        assert_eq!(with(at, byte), told);
    }
}
