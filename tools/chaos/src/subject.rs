//! The system that is broken, whichever engine runs it.

mod game;
mod heard;

use std::sync::Arc;

use anyhow::{Context, bail};
use bot::Target;
use stack::{Compose, Port, Stack, System, workspace_root};
use tokio::time::sleep;

use crate::{
    connections, disk,
    engine::Engine,
    memory,
    plan::{Fault, Step},
    scenario::Scenario,
    wiring::{Network, Wiring},
};

/// The service that is broken.
const SERVICE: &str = "webserver";

/// The Redis between the replicas, and the one with the sessions.
const PUBSUB: &str = "pubsub";
const SESSIONS: &str = "sessions";

/// The way in.
const TRAEFIK: &str = "traefik";

/// Messages a session may send in a second. What that limit does is another question.
const MESSAGE_RATE: &str = "1000";

/// The project of Docker Compose, so that it meets no other run of the same compose file.
const PROJECT: &str = "goatscale-chaos";

/// A running system with so many replicas.
pub struct Subject {
    system: System,
    replicas: usize,
    /// The cables of the replicas, where all share one machine.
    wiring: Wiring,
    /// Where containers publish Traefik. Processes hold theirs themselves.
    _port: Option<Port>,
}

impl Subject {
    /// Starts it, and waits until it is ready.
    ///
    /// # Errors
    /// When something is missing, cannot be built or does not start. Nothing is left then.
    pub async fn start(scenario: &Scenario) -> anyhow::Result<Subject> {
        let wiring = Wiring::default();
        let (system, port) = match scenario.engine {
            Engine::Native => (natively(scenario, &wiring).await?, None),
            Engine::Docker => {
                let port = Port::reserve()?;
                (in_containers(&port, scenario.replicas).await?, Some(port))
            }
        };
        Ok(Subject {
            system,
            replicas: scenario.replicas,
            wiring,
            _port: port,
        })
    }

    /// Traefik, in front of all replicas.
    ///
    /// # Errors
    /// Never: its address is known.
    pub fn target(&self) -> anyhow::Result<Target> {
        let mut target = Target::at(&self.system.address())?;
        target.host = format!("{SERVICE}.localhost");
        Ok(target)
    }

    /// Breaks what `step` says, and puts back what does not come back by itself. Gives what it did, in words. If it is one
    /// replica that is hit, it is the one with the id `victim`.
    ///
    /// # Errors
    /// When something does not end or start as it must.
    pub async fn inflict(&mut self, step: &Step, victim: &str) -> anyhow::Result<String> {
        match step.fault {
            Fault::Kill => {
                self.system.kill_replica(victim).await?;
                self.wiring.remove(victim);
                Ok(format!("{victim} was killed"))
            }
            Fault::Heir => {
                self.system.kill_replica(victim).await?;
                // Docker gives the address of a container that is gone to the next one by itself.
                self.wiring.bequeath(victim);
                Ok(format!("{victim} was killed, and its address inherited"))
            }
            Fault::AllReplicas => {
                let all = self.system.replicas(SERVICE).await?;
                for id in &all {
                    self.system.kill_replica(id).await?;
                    self.wiring.remove(id);
                }
                Ok(format!("{} were killed", all.join(", ")))
            }
            Fault::Term => {
                self.system.stop_replica(victim).await?;
                Ok(format!("{victim} drained and ended"))
            }
            Fault::Freeze | Fault::Zombie => {
                self.system.freeze_replica(victim).await?;
                sleep(step.length).await;
                self.system.thaw_replica(victim).await?;
                Ok(format!("{victim} was frozen"))
            }
            Fault::CutFront => self.cut(victim, Network::Front, step).await,
            Fault::CutPubsub => self.cut(victim, Network::Pubsub, step).await,
            Fault::CutSessions => self.cut(victim, Network::Sessions, step).await,
            Fault::TraefikKill => self.kill(TRAEFIK, step).await,
            Fault::TraefikFreeze => self.freeze(TRAEFIK, step).await,
            Fault::PubsubMemory => self.fill_memory(PUBSUB, step).await,
            Fault::SessionsMemory => self.fill_memory(SESSIONS, step).await,
            Fault::PubsubRestart => self.restart(PUBSUB, step).await,
            Fault::SessionsRestart => self.restart(SESSIONS, step).await,
            Fault::ConsulRestart => self.restart("consul", step).await,
            Fault::PubsubKill => self.kill(PUBSUB, step).await,
            Fault::PubsubFreeze => self.freeze(PUBSUB, step).await,
            Fault::PubsubFull => self.fill_disk(step).await,
            Fault::RedisResets => {
                let messages = connections::cut(&self.system, PUBSUB).await?;
                let sessions = connections::cut(&self.system, SESSIONS).await?;
                Ok(format!("{} connections were cut", messages + sessions))
            }
            Fault::Roll => {
                let new = self.system.roll(SERVICE).await?;
                Ok(format!("{} replicas were replaced", new.len()))
            }
            Fault::ClientResets | Fault::SlowClients => Ok("the clients do this".to_owned()),
        }
    }

    /// Starts what is missing, and waits until every replica is ready and gets requests.
    ///
    /// # Errors
    /// When something does not.
    pub async fn recover(&mut self) -> anyhow::Result<()> {
        self.system.scale(SERVICE, self.replicas).await
    }

    /// What the servers have written last.
    pub async fn logs(&self) -> String {
        self.system.logs().await
    }

    /// Ends everything in order.
    ///
    /// # Errors
    /// When something does not end.
    pub async fn stop(self) -> anyhow::Result<()> {
        self.system.stop().await
    }

    async fn restart(&self, name: &str, step: &Step) -> anyhow::Result<String> {
        let server = self.system.server(name).await?;
        server.stop().await?;
        sleep(step.length).await;
        server.start().await?;
        Ok(format!("{name} ended and started"))
    }

    async fn kill(&self, name: &str, step: &Step) -> anyhow::Result<String> {
        let server = self.system.server(name).await?;
        server.kill().await?;
        sleep(step.length).await;
        server.start().await?;
        Ok(format!("{name} was killed and started"))
    }

    async fn freeze(&self, name: &str, step: &Step) -> anyhow::Result<String> {
        let server = self.system.server(name).await?;
        server.freeze().await?;
        sleep(step.length).await;
        server.thaw().await?;
        Ok(format!("{name} was frozen"))
    }

    /// Cuts a replica off from one of its networks.
    async fn cut(&self, victim: &str, network: Network, step: &Step) -> anyhow::Result<String> {
        match &self.system {
            System::Native(_) => {
                self.wiring.cut(victim, network)?;
                sleep(step.length).await;
                self.wiring.mend(victim, network)?;
            }
            System::Compose(compose) => {
                let container = compose.container_of(victim).await?;
                let network = format!("{PROJECT}_{}", network.name());
                container.leave(&network).await?;
                sleep(step.length).await;
                container.join(&network).await?;
            }
        }
        Ok(format!("{victim} was cut off from {}", network.name()))
    }

    async fn fill_memory(&self, name: &str, step: &Step) -> anyhow::Result<String> {
        let full = memory::fill(&self.system, name).await?;
        sleep(step.length).await;
        let bytes = memory::empty(&self.system, name, full).await?;
        Ok(format!("{name} was full, of {bytes} bytes more"))
    }

    /// A Redis that writes each change to its disk before it answers ends when it cannot. With containers, Docker would
    /// start it again and again until there is room; here it is started once there is.
    async fn fill_disk(&self, step: &Step) -> anyhow::Result<String> {
        let System::Native(stack) = &self.system else {
            bail!("{}", Engine::Docker.cannot(step.fault).unwrap_or_default());
        };
        let pubsub = stack.server(PUBSUB)?;
        let pid = pubsub.pid()?;
        disk::fill(pid, &pubsub.data())?;
        sleep(step.length).await;
        if pubsub.runs() {
            disk::empty(pid)?;
            return Ok(format!("{PUBSUB} could not write"));
        }
        pubsub.start().await?;
        Ok(format!("{PUBSUB} could not write, ended, and was started"))
    }
}

/// Removes what a run with containers left that was interrupted.
///
/// # Errors
/// When Docker does not.
pub async fn clean_up() -> anyhow::Result<()> {
    Compose::new(&workspace_root(), Some(PROJECT), 0)
        .down()
        .await
}

/// On free ports, with replicas that let everybody talk.
async fn natively(scenario: &Scenario, wiring: &Wiring) -> anyhow::Result<System> {
    let mut builder = Stack::builder();
    // They take some time of each frame, so they are laid only where one is to be cut.
    if scenario.plan().iter().any(|step| step.fault.needs_cables()) {
        let wiring = wiring.clone();
        let wire = Arc::new(move |id: &str, environment: &mut _| wiring.lay(id, environment));
        builder = builder.wire(SERVICE, wire);
    }
    let stack = builder
        .scale(SERVICE, scenario.replicas)
        .environment("MESSAGE_RATE", MESSAGE_RATE)
        // The log line for each answer would only cost time.
        .environment("LOG", "info,service::request_log=warn")
        .start()
        .await
        .context("the native stack does not start")?;
    Ok(System::Native(Box::new(stack)))
}

/// With Traefik on this port.
async fn in_containers(port: &Port, replicas: usize) -> anyhow::Result<System> {
    let compose = Compose::new(&workspace_root(), Some(PROJECT), port.number());
    compose.ensure_engine().await?;
    // What an earlier run may have left when it was ended by force.
    compose.down().await?;
    if let Err(error) = compose.up(true, &[(SERVICE, replicas)]).await {
        compose.down().await?;
        return Err(error);
    }
    Ok(System::Compose(compose))
}
