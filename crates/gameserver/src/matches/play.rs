//! One match, tick by tick.

use std::{sync::Arc, time::Duration};

use game::{Input, Outcome, State, bot};
use tokio::time::{Instant, MissedTickBehavior, interval_at};

use super::{possession::Turn, room::Room};

/// Such a part of the time between two ticks a tick may be late before it counts as late.
const LATE: u32 = 5;

/// How a match is played.
#[derive(Clone, Copy, Debug)]
pub struct Setup {
    /// What decides where the goats begin, and what the bots do.
    pub seed: u32,
    /// The time from one tick to the next.
    pub period: Duration,
    /// The tick at which it panics, for tests.
    pub panic_at_tick: Option<u32>,
}

/// How a match has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// This seat has won.
    Won(u8),
    /// Nobody has.
    Drawn,
    /// No player was left.
    Deserted,
    /// It goes on on another server.
    Moved,
}

impl Ending {
    /// How a match has ended that stands so; nothing if it goes on.
    fn of(state: &State) -> Option<Ending> {
        match state.outcome() {
            Outcome::Playing => None,
            // Seats are at most 8.
            Outcome::Won(seat) => Some(Ending::Won(seat as u8)),
            Outcome::Drawn => Some(Ending::Drawn),
        }
    }
}

/// Plays a match from this state to its end.
///
/// Everything that may go wrong in the rules goes wrong in here, and outside of the room's lock: so it ends this match and nothing else.
pub async fn play(room: Arc<Room>, setup: Setup, mut state: State) -> Ending {
    let mut ticks = interval_at(Instant::now() + setup.period, setup.period);
    // A process that stood still for a while does not hurry afterwards: all would see their goats run, and nobody could have steered them.
    ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
    loop {
        if let Some(ending) = Ending::of(&state) {
            return ending;
        }
        let due = ticks.tick().await;
        // The process may have stood still since the last tick, so this is looked at before anything else is done.
        match room.turn() {
            Turn::Play => {}
            Turn::Moved => return Ending::Moved,
            Turn::HoldStill => {
                room.counters.held_ticks.add(1);
                continue;
            }
        }
        room.counters
            .late_ticks
            .add(late_ticks(due.elapsed(), setup.period));
        room.look_for_absent();
        let Some(inputs) = room.take_inputs(state.tick + 1) else {
            return Ending::Deserted;
        };
        let inputs = with_bots(&inputs, &state, setup.seed);
        state.step(&inputs);
        assert!(
            setup.panic_at_tick != Some(state.tick),
            "PANIC_AT_TICK wanted this"
        );
        if !room.show(&state) {
            return Ending::Moved;
        }
    }
}

/// What each seat does. A bot plays those that no player has.
fn with_bots(inputs: &[Option<Input>], state: &State, seed: u32) -> Vec<Input> {
    let inputs = inputs.iter().enumerate();
    let input = |(seat, input): (usize, &Option<Input>)| match input {
        Some(input) => *input,
        None => bot(seed, state, seat),
    };
    inputs.map(input).collect()
}

/// How many ticks count as late if one comes so long after it was due: itself, if that is noticeable, and each that was due
/// meanwhile, which is left out.
fn late_ticks(late: Duration, period: Duration) -> u64 {
    if late * LATE < period {
        return 0;
    }
    let missed = late.as_nanos() / period.as_nanos().max(1);
    u64::try_from(missed).unwrap_or(u64::MAX).saturating_add(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tick_is_late_when_somebody_could_notice() {
        let period = Duration::from_millis(50);
        for (late_ms, expected) in [(0, 0), (9, 0), (10, 1), (49, 1), (50, 2), (1_000, 21)] {
            let late = late_ticks(Duration::from_millis(late_ms), period);
            assert_eq!(late, expected, "{late_ms} ms");
        }
    }
}
