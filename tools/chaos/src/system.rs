//! The system that is broken, whichever engine runs it.

use bot::Target;

use crate::{
    docker::Docker,
    native::Native,
    plan::{Fault, Step},
    scenario::{Engine, Scenario},
};

/// A running system.
pub enum System {
    /// Processes of this machine.
    Native(Box<Native>),
    /// Containers.
    Docker(Docker),
}

impl System {
    /// Starts it, and waits until it is ready.
    ///
    /// # Errors
    /// When something is missing, cannot be built or does not start.
    pub async fn start(scenario: &Scenario) -> anyhow::Result<System> {
        Ok(match scenario.engine {
            Engine::Native => System::Native(Box::new(Native::start(scenario).await?)),
            Engine::Docker => System::Docker(Docker::start(scenario).await?),
        })
    }

    /// Why an engine cannot do this, if it cannot.
    #[must_use]
    pub fn cannot(engine: Engine, fault: Fault) -> Option<&'static str> {
        match engine {
            Engine::Native => Native::cannot(fault),
            Engine::Docker => Docker::cannot(fault),
        }
    }

    /// Traefik, in front of all replicas.
    ///
    /// # Errors
    /// Never: its port is known.
    pub fn target(&self) -> anyhow::Result<Target> {
        match self {
            System::Native(native) => native.target(),
            System::Docker(docker) => docker.target(),
        }
    }

    /// Breaks what `step` says, and puts back what does not come back by itself. Gives what it did, in words. If it is one
    /// replica that is hit, it is the one with the id `victim`.
    ///
    /// # Errors
    /// When something does not end or start as it must.
    pub async fn inflict(&mut self, step: &Step, victim: &str) -> anyhow::Result<String> {
        match self {
            System::Native(native) => native.inflict(step, victim).await,
            System::Docker(docker) => docker.inflict(step, victim).await,
        }
    }

    /// Starts what is missing, and waits until every replica is ready and gets requests.
    ///
    /// # Errors
    /// When something does not.
    pub async fn recover(&mut self) -> anyhow::Result<()> {
        match self {
            System::Native(native) => native.recover().await,
            System::Docker(docker) => docker.recover().await,
        }
    }

    /// What the servers have written last.
    pub async fn logs(&self) -> String {
        match self {
            System::Native(native) => native.logs(),
            System::Docker(docker) => docker.logs().await,
        }
    }

    /// Ends everything in order.
    ///
    /// # Errors
    /// When something does not end.
    pub async fn stop(self) -> anyhow::Result<()> {
        match self {
            System::Native(native) => native.stop().await,
            System::Docker(docker) => docker.stop().await,
        }
    }
}
