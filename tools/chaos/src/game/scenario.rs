//! What a run of the game is to do.

use std::time::Duration;

use anyhow::ensure;

use super::{
    fault::Fault,
    plan::{self, Step},
    without::Without,
};
use crate::engine::Engine;

/// One run.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// Decides the order of the faults, their lengths, whom they hit, and how the bots play.
    pub seed: u64,
    /// The least time in which matches are begun. It ends when every fault has been and has recovered.
    pub time: Duration,
    /// Matches at one time, about.
    pub matches: usize,
    /// Replicas of the web server.
    pub replicas: usize,
    /// Game servers.
    pub servers: usize,
    /// What goes wrong.
    pub faults: Vec<Fault>,
    /// What is taken out of the game servers. Then something of what is seen is wrong.
    pub without: Option<Without>,
}

impl Default for Scenario {
    fn default() -> Scenario {
        Scenario {
            seed: 1,
            time: Duration::from_secs(120),
            matches: 40,
            replicas: 3,
            servers: 3,
            faults: Fault::all().to_vec(),
            without: None,
        }
    }
}

impl Scenario {
    /// What goes wrong, and when.
    #[must_use]
    pub fn plan(&self) -> Vec<Step> {
        let mut faults = self.faults.clone();
        faults.retain(|fault| cannot(*fault).is_none());
        plan::plan(self.seed, &faults, self.time)
    }

    /// What cannot be done on this machine, and why.
    #[must_use]
    pub fn skipped(&self) -> Vec<(Fault, &'static str)> {
        let all = self.faults.iter();
        all.filter_map(|fault| Some((*fault, cannot(*fault)?)))
            .collect()
    }

    /// Looks for what cannot be.
    ///
    /// # Errors
    /// With what was wrong and what is accepted.
    pub fn check(&self) -> anyhow::Result<()> {
        ensure!(
            (1..=80).contains(&self.matches),
            "there must be 1 to 80 matches"
        );
        ensure!(
            (2..=10).contains(&self.replicas),
            "there must be 2 to 10 web servers, so that one of them can be away"
        );
        ensure!(
            (2..=10).contains(&self.servers),
            "there must be 2 to 10 game servers, so that one of them can be away"
        );
        Ok(())
    }
}

fn cannot(fault: Fault) -> Option<&'static str> {
    match fault {
        Fault::Common(fault) => Engine::Native.cannot(fault),
        Fault::Game(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_is_refused() {
        assert!(Scenario::default().check().is_ok());
        let bad: [fn(&mut Scenario); 4] = [
            |scenario| scenario.matches = 0,
            |scenario| scenario.matches = 81,
            |scenario| scenario.replicas = 1,
            |scenario| scenario.servers = 1,
        ];
        for spoil in bad {
            let mut scenario = Scenario::default();
            spoil(&mut scenario);
            assert!(scenario.check().is_err(), "{scenario:?}");
        }
    }
}
