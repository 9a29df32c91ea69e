//! When what goes wrong, and for how long: all of it decided by the seed.

use std::time::Duration;

use rand::{RngExt, SeedableRng, rngs::StdRng, seq::SliceRandom};

use super::fault::Fault;
use crate::plan as common;

/// A fault and its recovery take about this long: longer than without a game, because a match that moves has to be found again. So many
/// rounds of all faults are planned as fit into the time.
const ROOM: Duration = Duration::from_secs(10);

/// One fault of a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What goes wrong.
    pub fault: Fault,
    /// When, from the beginning; later if what was before it has not recovered by then.
    pub at: Duration,
    /// For how long.
    pub length: Duration,
    /// Decides what else there is to choose: which players, or whose server.
    pub dice: u64,
}

impl Step {
    /// Those of so many, in an order that the dice decide.
    #[must_use]
    pub fn shuffled(&self, count: usize) -> Vec<usize> {
        let mut all: Vec<usize> = (0..count).collect();
        all.shuffle(&mut StdRng::seed_from_u64(self.dice));
        all
    }

    /// The same step as the chat's tool knows it, if it does.
    #[must_use]
    pub fn common(&self) -> Option<common::Step> {
        let Fault::Common(fault) = self.fault else {
            return None;
        };
        Some(common::Step {
            fault,
            at: self.at,
            length: self.length,
            dice: self.dice,
        })
    }
}

/// Plans `faults` over `time`: each of them at least once, in rounds that are shuffled each by itself. The same seed gives the same plan.
#[must_use]
pub fn plan(seed: u64, faults: &[Fault], time: Duration) -> Vec<Step> {
    let mut faults = faults.to_vec();
    // The order in which they were named decides nothing.
    faults.sort_unstable();
    faults.dedup();
    if faults.is_empty() {
        return Vec::new();
    }
    let mut random = StdRng::seed_from_u64(seed);
    let fitting = time.as_secs_f64() / ROOM.as_secs_f64() / faults.len() as f64;
    let rounds = (fitting as usize).max(1);
    let mut order = Vec::new();
    for _ in 0..rounds {
        faults.shuffle(&mut random);
        order.extend_from_slice(&faults);
    }
    // Each has a slot of its own, and begins in the first half of it.
    let slot = time.div_f64(order.len() as f64);
    let steps = (0..).zip(order).map(|(number, fault)| Step {
        fault,
        at: slot.mul_f64(f64::from(number) + random.random_range(0.0..0.5)),
        length: length(fault, random.random()),
        dice: random.random(),
    });
    steps.collect()
}

fn length(fault: Fault, dice: u64) -> Duration {
    match fault {
        // What the chat's plan would say, of this one alone.
        Fault::Common(fault) => {
            let steps = common::plan(dice, &[fault], Duration::ZERO);
            steps.first().map_or(Duration::ZERO, |step| step.length)
        }
        Fault::Game(fault) => {
            let (shortest, longest) = fault.lasts();
            let mut random = StdRng::seed_from_u64(dice);
            Duration::from_millis(random.random_range(shortest..=longest))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::game::fault::GameFault;

    const TWO_MINUTES: Duration = Duration::from_secs(120);

    #[test]
    fn the_same_seed_gives_the_same_plan_with_every_fault_in_it() {
        for seed in 0..50 {
            let steps = plan(seed, Fault::all(), TWO_MINUTES);
            let mut reversed = Fault::all().to_vec();
            reversed.reverse();
            assert_eq!(steps, plan(seed, &reversed, TWO_MINUTES));
            assert_ne!(steps, plan(seed + 1, Fault::all(), TWO_MINUTES));
            for fault in Fault::all() {
                assert!(steps.iter().any(|step| step.fault == *fault), "{fault}");
            }
            assert!(steps.is_sorted_by_key(|step| step.at));
            for step in &steps {
                assert_eq!(step.shuffled(9), step.shuffled(9));
                if let Fault::Game(fault) = step.fault {
                    let (shortest, longest) = fault.lasts();
                    let length = u64::try_from(step.length.as_millis()).unwrap();
                    assert!((shortest..=longest).contains(&length), "{step:?}");
                }
            }
        }
    }

    #[test]
    fn a_long_time_has_room_for_several_rounds() {
        let faults = [Fault::Game(GameFault::GameKill), Fault::all()[0]];
        assert_eq!(plan(1, &faults, TWO_MINUTES).len(), 12);
        assert!(plan(1, &[], TWO_MINUTES).is_empty());
    }
}
