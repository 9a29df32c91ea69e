//! What one player does: inputs that have come and not been played yet.

use std::collections::VecDeque;

use game::Input;
use protocol::serial::ahead;

/// Inputs that may wait. Each waits for a tick, so with more of them a player would notice.
const MOST: usize = 3;

/// How far a number may be ahead of the one before. Nobody sends as many inputs as this before one of them arrives.
const MAX_AHEAD: i16 = 1024;

/// What has become of an input that came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// It waits for its tick.
    Queued,
    /// It waits, and others that waited have become one with it or with each other.
    Merged,
    /// It is older than another that came before, so it counts for nothing.
    Stale,
}

/// The inputs of one player.
///
/// A key is pressed and released between two ticks. So what counts is not what is held when the tick comes, but what came since the last one: each
/// tick takes *one* input, in their order. Where none waits the last one goes on.
#[derive(Debug, Default)]
pub struct Inputs {
    waiting: VecDeque<(u16, Input)>,
    /// What the last tick has played.
    held: Input,
    /// Its number.
    last: u16,
    /// The newest number that has come.
    newest: Option<u16>,
    /// A number that was too far ahead to be believed.
    doubtful: Option<u16>,
}

impl Inputs {
    /// An input has come. The first one counts whatever its number is.
    pub fn push(&mut self, number: u16, input: Input) -> Taken {
        if !self.is_next(number) {
            return Taken::Stale;
        }
        self.newest = Some(number);
        self.doubtful = None;
        self.waiting.push_back((number, input));
        if self.waiting.len() > MOST {
            self.merge();
            return Taken::Merged;
        }
        Taken::Queued
    }

    /// What this tick plays.
    pub fn take(&mut self) -> Input {
        if let Some((number, input)) = self.waiting.pop_front() {
            self.last = number;
            self.held = input;
        }
        self.held
    }

    /// The number of the input that was played last; 0 if none was.
    #[must_use]
    pub fn last(&self) -> u16 {
        self.last
    }

    /// A match begins. What waits was done before, so only what is held by now counts.
    pub fn begin(&mut self) {
        if let Some((number, input)) = self.waiting.pop_back() {
            self.last = number;
            self.held = input;
        }
        self.waiting.clear();
    }

    /// Whether an input with this number is newer than all before it.
    ///
    /// A number that is far ahead is not believed: if it were, each normal one would be stale after it. Unless the next number follows on it;
    /// then the client really is there (RFC 3550 judges so, too).
    fn is_next(&mut self, number: u16) -> bool {
        let Some(newest) = self.newest else {
            return true;
        };
        let follows = |on: u16| (1..=MAX_AHEAD).contains(&ahead(on, number));
        if follows(newest) || self.doubtful.is_some_and(follows) {
            return true;
        }
        if ahead(newest, number) > MAX_AHEAD {
            self.doubtful = Some(number);
        }
        false
    }

    /// Makes fewer of those that wait, so that what was pressed and released is still both felt.
    fn merge(&mut self) {
        let mut merged: VecDeque<(u16, Input)> = VecDeque::new();
        for next in self.waiting.drain(..) {
            match merged.back_mut() {
                // Only the direction is another one, and the newer one counts.
                Some(last) if last.1.hold == next.1.hold => *last = next,
                _ => merged.push_back(next),
            }
        }
        // Pressed and released more than once: the oldest time goes.
        while merged.len() > MOST {
            merged.drain(..2);
        }
        self.waiting = merged;
    }
}

#[cfg(test)]
mod tests {
    use game::Direction;
    use proptest::{collection::vec, prelude::*};

    use super::*;

    fn hold(hold: bool) -> Input {
        Input {
            direction: None,
            hold,
        }
    }

    fn to(direction: u8) -> Input {
        Input {
            direction: Direction::new(direction),
            hold: false,
        }
    }

    #[test]
    fn a_tap_between_two_ticks_is_felt() {
        let mut inputs = Inputs::default();
        assert_eq!(inputs.push(7, hold(true)), Taken::Queued);
        assert_eq!(inputs.push(8, hold(false)), Taken::Queued);
        assert_eq!((inputs.take(), inputs.last()), (hold(true), 7));
        assert_eq!((inputs.take(), inputs.last()), (hold(false), 8));
        assert_eq!((inputs.take(), inputs.last()), (hold(false), 8));
    }

    #[test]
    fn what_has_not_changed_goes_on() {
        let mut inputs = Inputs::default();
        assert_eq!(inputs.take(), Input::default());
        inputs.push(1, to(3));
        for _ in 0..100 {
            assert_eq!(inputs.take(), to(3));
        }
    }

    #[test]
    fn numbers_count_on_over_the_largest_one() {
        let mut inputs = Inputs::default();
        for (direction, number) in [65_534, 65_535, 0, 1].into_iter().enumerate() {
            assert_eq!(inputs.push(number, to(direction as u8)), Taken::Queued);
            assert_eq!(inputs.take(), to(direction as u8));
        }
        for stale in [1, 0, 65_535, 65_534, 40_000] {
            assert_eq!(inputs.push(stale, to(9)), Taken::Stale, "{stale}");
        }
        assert_eq!(inputs.push(2, to(4)), Taken::Queued);
    }

    #[test]
    fn after_one_number_far_ahead_the_next_normal_one_still_counts() {
        let mut inputs = Inputs::default();
        inputs.push(5, to(0));
        for far in [65_535, 32_772, 1_030] {
            assert_eq!(inputs.push(far, to(9)), Taken::Stale);
        }
        assert_eq!(inputs.push(6, to(1)), Taken::Queued);
        assert_eq!(inputs.push(1_030, to(2)), Taken::Queued);
        // Who really is there goes on from there.
        assert_eq!(inputs.push(20_000, to(3)), Taken::Stale);
        assert_ne!(inputs.push(20_001, to(3)), Taken::Stale);
    }

    #[test]
    fn of_many_at_once_the_last_direction_and_each_edge_counts() {
        let mut inputs = Inputs::default();
        for direction in 0..10 {
            inputs.push(direction, to(direction as u8));
        }
        assert!(inputs.waiting.len() <= MOST);
        while !inputs.waiting.is_empty() {
            inputs.take();
        }
        assert_eq!((inputs.take(), inputs.last()), (to(9), 9));
        for (number, pressed) in [(10, true), (11, false), (12, true), (13, false)] {
            inputs.push(number, hold(pressed));
        }
        assert_eq!((inputs.take(), inputs.last()), (hold(true), 12));
        assert_eq!((inputs.take(), inputs.last()), (hold(false), 13));
    }

    #[test]
    fn a_match_begins_with_what_is_held_by_then() {
        let mut inputs = Inputs::default();
        inputs.push(1, hold(true));
        inputs.push(2, hold(false));
        inputs.push(3, to(5));
        inputs.begin();
        assert_eq!((inputs.take(), inputs.last()), (to(5), 3));
    }

    proptest! {
        #[test]
        fn however_many_come_few_wait_the_last_is_played_and_no_press_is_lost(
            first: u16, ticks in vec(vec((proptest::option::of(0..32_u8), any::<bool>()), 0..12), 1..50),
        ) {
            let mut inputs = Inputs::default();
            let mut number = first;
            let mut last = Input::default();
            for came in ticks {
                let before = inputs.waiting.back().map_or(inputs.held, |(_, input)| *input).hold;
                let pressed = came.iter().any(|(_, hold)| *hold != before);
                for (direction, hold) in came {
                    last = Input { direction: direction.and_then(Direction::new), hold };
                    prop_assert_ne!(inputs.push(number, last), Taken::Stale);
                    number = number.wrapping_add(1);
                }
                prop_assert!(inputs.waiting.len() <= MOST);
                let changes = inputs.waiting.iter().any(|(_, input)| input.hold != before);
                prop_assert!(changes || !pressed, "an edge was lost");
                inputs.take();
            }
            for _ in 0..MOST {
                inputs.take();
            }
            prop_assert_eq!(inputs.take(), last);
        }

        #[test]
        fn no_numbers_keep_a_seat_from_hearing(numbers in vec(any::<u16>(), 0..100), at: u16) {
            let mut inputs = Inputs::default();
            for number in numbers {
                inputs.push(number, to(1));
            }
            // Whatever was there before, somebody who goes on counting is heard before long.
            let newest = inputs.newest.unwrap_or(at);
            prop_assert_ne!(inputs.push(newest.wrapping_add(1), to(2)), Taken::Stale);
        }
    }
}
