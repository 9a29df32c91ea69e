//! What a run is to do.

use std::time::Duration;

use anyhow::ensure;

use crate::{
    engine::Engine,
    plan::{self, Fault, Step},
};

/// One run.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// Decides the order of the faults, their lengths, whom they hit, and how long clients wait.
    pub seed: u64,
    /// The least time in which messages are sent. It ends when every fault has been and has recovered.
    pub time: Duration,
    /// Clients that hold a socket and check all that comes.
    pub clients: usize,
    /// Messages a second, over all that talk.
    pub rate: f64,
    /// Clients that make safe requests.
    pub pollers: usize,
    /// Replicas of the web server.
    pub replicas: usize,
    /// What goes wrong.
    pub faults: Vec<Fault>,
    /// Whether clients come back without saying what they heard last. Then some of what is said is lost.
    pub without_resume: bool,
    /// What runs the system.
    pub engine: Engine,
}

impl Default for Scenario {
    fn default() -> Scenario {
        Scenario {
            seed: 1,
            time: Duration::from_secs(120),
            clients: 300,
            rate: 20.0,
            pollers: 8,
            replicas: 3,
            faults: Fault::all().to_vec(),
            without_resume: false,
            engine: Engine::Native,
        }
    }
}

impl Scenario {
    /// How many of the clients talk: a tenth.
    #[must_use]
    pub fn senders(&self) -> usize {
        self.clients.div_ceil(10)
    }

    /// What goes wrong, and when.
    #[must_use]
    pub fn plan(&self) -> Vec<Step> {
        let mut faults = self.faults.clone();
        faults.retain(|fault| self.engine.cannot(*fault).is_none());
        plan::plan(self.seed, &faults, self.time)
    }

    /// What the engine cannot do, and why.
    #[must_use]
    pub fn skipped(&self) -> Vec<(Fault, &'static str)> {
        let all = self.faults.iter();
        all.filter_map(|fault| Some((*fault, self.engine.cannot(*fault)?)))
            .collect()
    }

    /// Looks for what cannot be.
    ///
    /// # Errors
    /// With what was wrong and what is accepted.
    pub fn check(&self) -> anyhow::Result<()> {
        ensure!(
            (1..=5_000).contains(&self.clients),
            "there must be 1 to 5,000 clients"
        );
        ensure!(
            self.rate > 0.0 && self.rate <= 1_000.0,
            "the rate must be more than 0 and at most 1,000 messages a second"
        );
        ensure!(
            (2..=10).contains(&self.replicas),
            "there must be 2 to 10 replicas, so that one of them can be away"
        );
        ensure!(self.pollers <= 100, "there must be at most 100 pollers");
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_is_refused() {
        assert!(Scenario::default().check().is_ok());
        let bad: [fn(&mut Scenario); 5] = [
            |scenario| scenario.clients = 0,
            |scenario| scenario.rate = 0.0,
            |scenario| scenario.rate = f64::NAN,
            |scenario| scenario.replicas = 1,
            |scenario| scenario.pollers = 101,
        ];
        for spoil in bad {
            let mut scenario = Scenario::default();
            spoil(&mut scenario);
            assert!(scenario.check().is_err(), "{scenario:?}");
        }
    }

    #[test]
    fn what_an_engine_cannot_do_is_skipped_and_the_rest_is_planned() {
        for engine in [Engine::Native, Engine::Docker] {
            let scenario = Scenario {
                engine,
                ..Scenario::default()
            };
            let skipped = scenario.skipped();
            for fault in Fault::all() {
                let is_skipped = skipped.iter().any(|(skipped, _)| skipped == fault);
                let is_planned = scenario.plan().iter().any(|step| step.fault == *fault);
                assert_ne!(is_skipped, is_planned, "{fault}");
            }
        }
    }
}
