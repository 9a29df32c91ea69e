//! What another server reads of a match, to go on with it.

use game::{Direction, Input, MAX_SEATS, Outcome, State, bot};
use proptest::{collection::vec, prelude::*};

fn an_input() -> impl Strategy<Value = Input> {
    let direction = (0..=Direction::COUNT).prop_map(Direction::new);
    (direction, any::<bool>()).prop_map(|(direction, hold)| Input { direction, hold })
}

/// Any tick of any match. Keys stay as they are for a while, as people's do.
fn a_state() -> impl Strategy<Value = State> {
    let inputs = vec((1..40_usize, vec(an_input(), 0..=MAX_SEATS)), 0..120);
    (any::<u32>(), 2..=MAX_SEATS, inputs).prop_map(|(seed, seats, inputs)| {
        let mut state = State::new(seed, seats);
        for (ticks, inputs) in inputs {
            (0..ticks).for_each(|_| state.step(&inputs));
        }
        state
    })
}

proptest! {
    #[test]
    fn who_reads_a_state_plays_on_as_it_would_have_gone_on(state in a_state(), seed: u32) {
        let bytes = state.to_bytes();
        prop_assert!(bytes.len() <= 193);
        let mut read = State::from_bytes(&bytes).unwrap();
        prop_assert_eq!(&read, &state);
        // To its end.
        let mut state = state;
        while state.outcome() == Outcome::Playing {
            let inputs: Vec<Input> = (0..MAX_SEATS).map(|seat| bot(seed, &state, seat)).collect();
            state.step(&inputs);
            read.step(&inputs);
            prop_assert_eq!(read.hash(), state.hash());
        }
    }

    #[test]
    fn bytes_that_are_no_state_are_refused_and_never_end_the_reader(bytes in vec(any::<u8>(), 0..260)) {
        let _ = State::from_bytes(&bytes);
    }

    /// What is read of a spoilt state can still be played, and written again.
    #[test]
    fn a_spoilt_state_is_refused_or_is_another_one(
        state in a_state(),
        spoilt in vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
        inputs in vec(an_input(), MAX_SEATS),
    ) {
        let mut bytes = state.to_bytes();
        for (index, byte) in spoilt {
            let at = index.index(bytes.len());
            bytes[at] = byte;
        }
        if let Ok(mut read) = State::from_bytes(&bytes) {
            prop_assert_eq!(read.to_bytes(), bytes);
            for _ in 0..50 {
                read.step(&inputs);
                let again = State::from_bytes(&read.to_bytes());
                prop_assert_eq!(again.as_ref(), Ok(&read));
            }
        }
    }
}
