//! What goes wrong, when, and for how long: all of it decided by the seed.

use std::{fmt, time::Duration};

use clap::ValueEnum;
use rand::{RngExt, SeedableRng, rngs::StdRng, seq::SliceRandom};
use serde::Serialize;

/// A fault and its recovery take about this long. So many rounds of all faults are planned as fit into the time.
const ROOM: Duration = Duration::from_secs(8);

/// Something that goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, ValueEnum, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fault {
    /// A replica is killed with SIGKILL, and a new one is started
    Kill,
    /// A replica is told to end with SIGTERM, drains, and a new one is started
    Term,
    /// A replica is frozen with SIGSTOP for 1 to 5 seconds
    Freeze,
    /// A replica is frozen for 8 to 15 seconds, so that all take it for dead, and then goes on
    Zombie,
    /// A replica is killed, and a new one is started at its address
    Heir,
    /// All replicas are killed at once, and new ones are started
    AllReplicas,
    /// A replica is cut off from Traefik for 2 to 6 seconds, and from nothing else
    CutFront,
    /// A replica is cut off from the Redis between the replicas for 2 to 6 seconds, and from nothing else
    CutPubsub,
    /// A replica is cut off from the Redis with the sessions for 2 to 6 seconds, and from nothing else
    CutSessions,
    /// Traefik is killed with SIGKILL and starts again
    TraefikKill,
    /// Traefik is frozen for 1 to 5 seconds
    TraefikFreeze,
    /// The Redis between the replicas ends with SIGTERM and starts again
    PubsubRestart,
    /// The Redis between the replicas is killed with SIGKILL and starts again
    PubsubKill,
    /// The Redis between the replicas is frozen for 1 to 4 seconds
    PubsubFreeze,
    /// The Redis between the replicas cannot write to its disk for 2 to 5 seconds
    PubsubFull,
    /// The Redis between the replicas is at the limit of its memory for 2 to 5 seconds
    PubsubMemory,
    /// The Redis with the sessions ends and starts again
    SessionsRestart,
    /// The Redis with the sessions is at the limit of its memory for 2 to 5 seconds
    SessionsMemory,
    /// Every connection between replicas and Redis is cut
    RedisResets,
    /// Consul ends, and starts again with an empty catalogue
    ConsulRestart,
    /// A third of the clients lose their connection by a reset
    ClientResets,
    /// A third of the clients read nothing for 2 to 8 seconds
    SlowClients,
    /// All replicas are replaced, one after another
    Roll,
}

impl Fault {
    /// Every fault.
    #[must_use]
    pub fn all() -> &'static [Fault] {
        Fault::value_variants()
    }

    /// The shortest and the longest time that it lasts, in milliseconds. Of a restart, that is the time in which the
    /// server is away; what lasts as long as it takes has 0.
    fn lasts(self) -> (u64, u64) {
        match self {
            Fault::Freeze | Fault::TraefikFreeze => (1_000, 5_000),
            Fault::Zombie => (8_000, 15_000),
            Fault::CutFront | Fault::CutPubsub | Fault::CutSessions => (2_000, 6_000),
            Fault::PubsubFreeze => (1_000, 4_000),
            Fault::PubsubFull | Fault::PubsubMemory | Fault::SessionsMemory => (2_000, 5_000),
            Fault::SlowClients => (2_000, 8_000),
            Fault::PubsubRestart
            | Fault::PubsubKill
            | Fault::SessionsRestart
            | Fault::ConsulRestart
            | Fault::TraefikKill => (0, 2_000),
            Fault::Kill
            | Fault::Heir
            | Fault::AllReplicas
            | Fault::Term
            | Fault::RedisResets
            | Fault::ClientResets
            | Fault::Roll => (0, 0),
        }
    }

    /// Whether it leaves nobody who could answer. Requests that fail then say nothing.
    #[must_use]
    pub fn leaves_nobody(self) -> bool {
        matches!(
            self,
            Fault::AllReplicas | Fault::TraefikKill | Fault::TraefikFreeze
        )
    }

    /// Whether each replica needs cables of its own for it, where all share one machine.
    #[must_use]
    pub fn needs_cables(self) -> bool {
        matches!(
            self,
            Fault::Heir | Fault::CutFront | Fault::CutPubsub | Fault::CutSessions
        )
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = self.to_possible_value();
        f.pad(value.as_ref().map_or("", |value| value.get_name()))
    }
}

/// One fault of a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What goes wrong.
    pub fault: Fault,
    /// When, from the beginning; later if what was before it has not recovered by then.
    pub at: Duration,
    /// For how long.
    pub length: Duration,
    /// Decides what else there is to choose: which clients, or whose replica.
    pub dice: u64,
}

impl Step {
    /// The client, of so many, whose replica is hit: its index. A replica on which nobody is would not be missed.
    ///
    /// # Panics
    /// When there is none.
    #[must_use]
    pub fn victim(&self, clients: usize) -> usize {
        self.random().random_range(0..clients)
    }

    /// A third of so many clients: the indices of at least one.
    #[must_use]
    pub fn third(&self, clients: usize) -> Vec<usize> {
        let mut all: Vec<usize> = (0..clients).collect();
        all.shuffle(&mut self.random());
        all.truncate(clients.div_ceil(3));
        all
    }

    fn random(&self) -> StdRng {
        StdRng::seed_from_u64(self.dice)
    }
}

/// Plans `faults` over `time`: each of them at least once, in rounds that are shuffled each by itself. The same seed
/// gives the same plan.
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
    let steps = (0..).zip(order).map(|(number, fault)| {
        let (shortest, longest) = fault.lasts();
        Step {
            fault,
            at: slot.mul_f64(f64::from(number) + random.random_range(0.0..0.5)),
            length: Duration::from_millis(random.random_range(shortest..=longest)),
            dice: random.random(),
        }
    });
    steps.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TWO_MINUTES: Duration = Duration::from_secs(120);

    #[test]
    fn the_same_seed_gives_the_same_plan() {
        let first = plan(1, Fault::all(), TWO_MINUTES);
        assert_eq!(first, plan(1, Fault::all(), TWO_MINUTES));
        let mut reversed = Fault::all().to_vec();
        reversed.reverse();
        assert_eq!(first, plan(1, &reversed, TWO_MINUTES));
        assert_ne!(first, plan(2, Fault::all(), TWO_MINUTES));
        for step in &first {
            assert_eq!(step.victim(100), step.victim(100));
            assert_eq!(step.third(100), step.third(100));
        }
    }

    #[test]
    fn every_fault_is_in_every_plan() {
        for seed in 0..100 {
            for time in [Duration::ZERO, Duration::from_secs(1), TWO_MINUTES] {
                let steps = plan(seed, Fault::all(), time);
                for fault in Fault::all() {
                    assert!(steps.iter().any(|step| step.fault == *fault), "{fault}");
                }
                assert!(steps.is_sorted_by_key(|step| step.at));
                assert!(steps.iter().all(|step| step.at <= time));
                for step in steps {
                    let (shortest, longest) = step.fault.lasts();
                    let length = u64::try_from(step.length.as_millis()).unwrap();
                    assert!((shortest..=longest).contains(&length));
                }
            }
        }
    }

    #[test]
    fn a_long_time_has_room_for_several_rounds() {
        let steps = plan(1, &[Fault::Kill, Fault::Roll], TWO_MINUTES);
        assert_eq!(steps.len(), 14);
        for pair in steps.chunks(2) {
            assert_ne!(pair[0].fault, pair[1].fault);
        }
        assert!(plan(1, &[], TWO_MINUTES).is_empty());
    }

    #[test]
    fn a_third_of_the_clients_is_a_third() {
        let steps = plan(1, Fault::all(), TWO_MINUTES);
        for (clients, third) in [(300, 100), (1, 1), (4, 2)] {
            let mut hit = steps[0].third(clients);
            hit.sort_unstable();
            hit.dedup();
            assert_eq!(hit.len(), third);
            assert!(hit.iter().all(|client| *client < clients));
        }
    }
}
