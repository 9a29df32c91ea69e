//! What one player does: inputs that have come and not been played yet.

use std::collections::VecDeque;

use game::Input;
use protocol::serial::ahead;

/// Inputs that may wait: those of the ticks to come, and some that came late.
const MOST: usize = 16;

/// How many ticks an input may be early. Nobody needs more, so whoever sends one does not count ticks as we do, and it is played at once.
const MOST_EARLY: i16 = 10;

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

/// The inputs of one player. Each has the number of the tick that it is meant for.
///
/// A page plays the rules by itself, some ticks ahead, and is right as long as the server plays the same inputs in the same ticks. So an
/// input that came early waits for its tick, however unevenly they come. One that came late is played at once. Where none is due the
/// last goes on.
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
    ///
    /// Of several that are due, what only turns the goat gives way to what came after it, so that being late does not last. But a button that
    /// was pressed and released is both felt, one a tick.
    pub fn take(&mut self, tick: u32) -> Input {
        let mut due = self.due(tick);
        while due > 0
            && let Some((number, input)) = self.waiting.pop_front()
        {
            due -= 1;
            let following = self.waiting.front().filter(|_| due > 0);
            let gives_way = following.is_some_and(|(_, following)| {
                following.hold == input.hold || input.hold == self.held.hold
            });
            if !gives_way {
                self.last = number;
                self.held = input;
                break;
            }
        }
        self.held
    }

    /// The number of the input that was played last; 0 if none was.
    #[must_use]
    pub fn last(&self) -> u16 {
        self.last
    }

    /// Whether nothing is held, and nothing waits.
    #[must_use]
    pub fn is_at_rest(&self) -> bool {
        self.held == Input::default() && self.waiting.is_empty()
    }

    /// A match begins, and its ticks are counted anew. What waits was done before, so only what is held by now counts.
    pub fn begin(&mut self) {
        if let Some((_, input)) = self.waiting.pop_back() {
            self.held = input;
        }
        self.waiting.clear();
        self.last = 0;
        self.count_anew();
    }

    /// Nobody knows any more what is held: nothing is, then.
    pub fn let_go(&mut self) {
        self.waiting.clear();
        self.held = Input::default();
    }

    /// The next input comes on another socket, or in another match, and counts whatever its number is. What is held goes on until then.
    pub fn count_anew(&mut self) {
        self.waiting.clear();
        self.newest = None;
        self.doubtful = None;
    }

    /// How many of those that wait are due at this tick. They are in the order of their ticks, so none is due later than one behind it.
    fn due(&self, tick: u32) -> usize {
        let is_due = |number: u16| {
            let early = ahead(tick as u16, number);
            early <= 0 || early > MOST_EARLY
        };
        let last = self.waiting.iter().rposition(|(number, _)| is_due(*number));
        last.map_or(0, |last| last + 1)
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
    fn an_input_waits_for_its_tick_and_goes_on_until_the_next() {
        let mut inputs = Inputs::default();
        assert_eq!(inputs.take(6), Input::default());
        assert_eq!(inputs.push(10, to(2)), Taken::Queued);
        assert_eq!(inputs.push(8, to(1)), Taken::Stale);
        assert_eq!(inputs.push(13, to(3)), Taken::Queued);
        for tick in 7..10 {
            assert_eq!((inputs.take(tick), inputs.last()), (Input::default(), 0));
        }
        for tick in 10..13 {
            assert_eq!((inputs.take(tick), inputs.last()), (to(2), 10));
        }
        for tick in 13..100 {
            assert_eq!((inputs.take(tick), inputs.last()), (to(3), 13));
        }
    }

    #[test]
    fn a_tap_is_felt_also_when_it_comes_late() {
        let mut inputs = Inputs::default();
        inputs.push(7, hold(true));
        inputs.push(8, hold(false));
        assert_eq!((inputs.take(7), inputs.last()), (hold(true), 7));
        assert_eq!((inputs.take(8), inputs.last()), (hold(false), 8));
        inputs.push(9, hold(true));
        inputs.push(10, hold(false));
        assert_eq!((inputs.take(15), inputs.last()), (hold(true), 9));
        assert_eq!((inputs.take(16), inputs.last()), (hold(false), 10));
    }

    #[test]
    fn being_late_does_not_last() {
        let mut inputs = Inputs::default();
        for number in 20..25 {
            inputs.push(number, to(number as u8));
        }
        assert_eq!((inputs.take(24), inputs.last()), (to(24), 24));
        // What came late only turned the goat, so the press is felt in its own tick.
        inputs.push(25, to(3));
        inputs.push(26, hold(true));
        inputs.push(27, hold(true));
        assert_eq!((inputs.take(26), inputs.last()), (hold(true), 26));
        assert_eq!((inputs.take(27), inputs.last()), (hold(true), 27));
    }

    #[test]
    fn who_counts_otherwise_is_felt_at_once() {
        let mut inputs = Inputs::default();
        inputs.push(110, to(1));
        assert_eq!(inputs.take(100), Input::default());
        inputs.push(112, to(2));
        assert_eq!((inputs.take(101), inputs.last()), (to(2), 112));
        // The numbers of before 65,535 are of the past.
        inputs.count_anew();
        inputs.push(40_000, to(3));
        assert_eq!((inputs.take(102), inputs.last()), (to(3), 40_000));
    }

    #[test]
    fn numbers_count_on_over_the_largest_one() {
        let mut inputs = Inputs::default();
        for (tick, direction) in (65_534..65_538_u32).zip(0..) {
            assert_eq!(inputs.push(tick as u16, to(direction)), Taken::Queued);
            assert_eq!(inputs.take(tick), to(direction));
        }
        for stale in [1, 0, 65_535, 65_534, 40_000] {
            assert_eq!(inputs.push(stale, to(9)), Taken::Stale, "{stale}");
        }
        assert_eq!(inputs.push(2, to(4)), Taken::Queued);
        assert_eq!(inputs.take(65_538), to(4));
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
    fn a_match_begins_with_what_is_held_by_then() {
        let mut inputs = Inputs::default();
        inputs.push(41, hold(true));
        inputs.push(42, hold(false));
        inputs.push(43, to(5));
        inputs.begin();
        assert_eq!((inputs.take(1), inputs.last()), (to(5), 0));
        assert_eq!(inputs.push(2, to(6)), Taken::Queued);
        assert_eq!((inputs.take(2), inputs.last()), (to(6), 2));
    }

    #[test]
    fn of_who_is_gone_nothing_is_held() {
        let mut inputs = Inputs::default();
        inputs.push(1, hold(true));
        inputs.push(2, to(3));
        assert_eq!(inputs.take(1), hold(true));
        assert!(!inputs.is_at_rest());
        inputs.let_go();
        assert!(inputs.is_at_rest());
        assert_eq!(inputs.take(2), Input::default());
    }

    proptest! {
        /// With numbers that rise by one or more a tick, each for its tick or late, or far ahead.
        #[test]
        fn however_many_come_few_wait_the_last_is_played_and_no_press_is_lost(
            first: u32, ticks in vec(vec((1..4_u16, proptest::option::of(0..32_u8), any::<bool>()), 0..12), 1..50),
        ) {
            let mut inputs = Inputs::default();
            let (mut number, mut tick) = (first as u16, first);
            let mut last = Input::default();
            for came in ticks {
                let before = inputs.waiting.back().map_or(inputs.held, |(_, input)| *input).hold;
                let pressed = came.iter().any(|(.., hold)| *hold != before);
                for (step, direction, hold) in came {
                    number = number.wrapping_add(step);
                    last = Input { direction: direction.and_then(Direction::new), hold };
                    prop_assert_ne!(inputs.push(number, last), Taken::Stale);
                }
                prop_assert!(inputs.waiting.len() <= MOST);
                let changes = inputs.waiting.iter().any(|(_, input)| input.hold != before);
                prop_assert!(changes || !pressed, "an edge was lost");
                tick = tick.wrapping_add(1);
                inputs.take(tick);
            }
            for _ in 0..=MOST + MOST_EARLY as usize {
                tick = tick.wrapping_add(1);
                inputs.take(tick);
            }
            prop_assert_eq!(inputs.take(tick), last);
        }

        /// What a page predicts is what the server plays, however unevenly its inputs come, as long as each comes before its tick.
        #[test]
        fn who_comes_in_time_is_played_to_the_tick(
            first: u32, script in vec((proptest::option::of(0..32_u8), any::<bool>(), 0..10_u32), 1..100),
        ) {
            let script = script.into_iter().zip(0..);
            let script = script.map(|((direction, hold, early), tick)| {
                let input = Input { direction: direction.and_then(Direction::new), hold };
                (first.wrapping_add(tick), input, tick.saturating_sub(early))
            });
            let script: Vec<_> = script.collect();
            let mut inputs = Inputs::default();
            let mut sent = 0;
            for (now, (tick, input, _)) in (0..).zip(&script) {
                // Their order is kept: one that is held up holds up those behind it, but never past their ticks.
                while script.get(sent).is_some_and(|(.., at)| *at <= now) {
                    let (tick, input, _) = script[sent];
                    prop_assert_ne!(inputs.push(tick as u16, input), Taken::Stale);
                    sent += 1;
                }
                prop_assert_eq!(inputs.take(*tick), *input);
                prop_assert_eq!(inputs.last(), *tick as u16);
            }
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
