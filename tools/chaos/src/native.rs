//! Breaks a system of processes on this machine.

use anyhow::Context;
use bot::Target;
use nix::sys::signal::Signal;
use stack::Stack;
use tokio::time::sleep;

use crate::{
    disk,
    plan::{Fault, Step},
    scenario::{MESSAGE_RATE, SERVICE, Scenario},
};

/// The Redis between the replicas, and the one with the sessions.
const PUBSUB: &str = "pubsub";
const SESSIONS: &str = "sessions";

/// A system that ends with this value.
pub struct Native {
    stack: Stack,
    replicas: usize,
}

impl Native {
    /// Starts it on free ports, with replicas that let everybody talk.
    ///
    /// # Errors
    /// When something is missing, cannot be built or does not start.
    pub async fn start(scenario: &Scenario) -> anyhow::Result<Native> {
        let stack = Stack::builder()
            .scale(SERVICE, scenario.replicas)
            .environment("MESSAGE_RATE", MESSAGE_RATE)
            // The log line for each answer would only cost time.
            .environment("LOG", "info,webserver::request_log=warn")
            .start()
            .await
            .context("the native stack does not start")?;
        Ok(Native {
            stack,
            replicas: scenario.replicas,
        })
    }

    /// Why it cannot do this, if it cannot.
    #[must_use]
    pub fn cannot(fault: Fault) -> Option<&'static str> {
        match fault {
            Fault::PubsubFull => disk::cannot(),
            _ => None,
        }
    }

    /// Traefik, in front of all replicas.
    ///
    /// # Errors
    /// Never: its port is known.
    pub fn target(&self) -> anyhow::Result<Target> {
        let mut target = Target::at(&self.stack.address())?;
        target.host = format!("{SERVICE}.localhost");
        Ok(target)
    }

    /// See [`crate::system::System::inflict`].
    ///
    /// # Errors
    /// When something does not end or start as it must.
    pub async fn inflict(&mut self, step: &Step, victim: &str) -> anyhow::Result<String> {
        let stack = &mut self.stack;
        match step.fault {
            Fault::Kill => {
                let mut replica = stack.take_replica(index_of(stack, victim)?)?;
                replica.kill().await?;
                Ok(format!("{} was killed", replica.id()))
            }
            Fault::Term => {
                let mut replica = stack.take_replica(index_of(stack, victim)?)?;
                replica.stop().await?;
                Ok(format!("{} drained and ended", replica.id()))
            }
            Fault::Freeze => {
                let replica = stack.replica(index_of(stack, victim)?)?;
                replica.signal(Signal::SIGSTOP)?;
                sleep(step.length).await;
                replica.signal(Signal::SIGCONT)?;
                Ok(format!("{} was frozen", replica.id()))
            }
            Fault::PubsubRestart => self.restart(PUBSUB, step).await,
            Fault::SessionsRestart => self.restart(SESSIONS, step).await,
            Fault::PubsubKill => {
                stack.server(PUBSUB)?.kill().await?;
                sleep(step.length).await;
                stack.server(PUBSUB)?.start().await?;
                Ok(format!("{PUBSUB} was killed and started"))
            }
            Fault::PubsubFreeze => {
                stack.server(PUBSUB)?.signal(Signal::SIGSTOP)?;
                sleep(step.length).await;
                stack.server(PUBSUB)?.signal(Signal::SIGCONT)?;
                Ok(format!("{PUBSUB} was frozen"))
            }
            Fault::PubsubFull => self.fill_disk(step).await,
            Fault::RedisResets => {
                let messages = cut_connections(&stack.server(PUBSUB)?.url("redis")?).await?;
                let sessions = cut_connections(&stack.server(SESSIONS)?.url("redis")?).await?;
                Ok(format!("{} connections were cut", messages + sessions))
            }
            Fault::ConsulRestart => {
                stack.server("consul")?.stop().await?;
                sleep(step.length).await;
                stack.server("consul")?.start().await?;
                Ok("consul ended and started empty".to_owned())
            }
            Fault::Roll => {
                let new = stack.roll(SERVICE).await?;
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
        while self.stack.replicas().count() < self.replicas {
            self.stack.add_replica(SERVICE).await?;
        }
        self.stack.settle().await
    }

    /// What every process has written last.
    #[must_use]
    pub fn logs(&self) -> String {
        self.stack.logs()
    }

    /// Ends everything in order.
    ///
    /// # Errors
    /// When the system refuses a signal.
    pub async fn stop(self) -> anyhow::Result<()> {
        self.stack.stop().await
    }

    /// A Redis that writes each change to its disk before it answers ends when it cannot. With containers, Docker would
    /// start it again and again until there is room; here it is started once there is.
    async fn fill_disk(&mut self, step: &Step) -> anyhow::Result<String> {
        let pid = self.stack.server(PUBSUB)?.pid()?;
        disk::fill(pid, &self.stack.server(PUBSUB)?.data())?;
        sleep(step.length).await;
        if self.stack.server(PUBSUB)?.runs() {
            disk::empty(pid)?;
            return Ok(format!("{PUBSUB} could not write"));
        }
        self.stack.server(PUBSUB)?.start().await?;
        Ok(format!("{PUBSUB} could not write, ended, and was started"))
    }

    async fn restart(&mut self, name: &str, step: &Step) -> anyhow::Result<String> {
        self.stack.server(name)?.stop().await?;
        sleep(step.length).await;
        self.stack.server(name)?.start().await?;
        Ok(format!("{name} ended and started"))
    }
}

fn index_of(stack: &Stack, id: &str) -> anyhow::Result<usize> {
    let index = stack.replicas().position(|replica| replica.id() == id);
    index.with_context(|| format!("there is no replica {id:?}"))
}

/// Cuts every connection of others to a Redis, those that listen and those that ask. Gives how many there were.
async fn cut_connections(url: &str) -> anyhow::Result<u64> {
    let client = redis::Client::open(url).context("not the URL of a Redis")?;
    let mut connection = client
        .get_multiplexed_async_connection()
        .await
        .context("cannot connect to Redis")?;
    let mut cut = 0;
    for kind in ["pubsub", "normal"] {
        // Its own connection stays: that is what Redis does if nothing else is said.
        let mut kill = redis::cmd("CLIENT");
        kill.arg("KILL").arg("TYPE").arg(kind);
        let killed: u64 = kill.query_async(&mut connection).await?;
        cut += killed;
    }
    Ok(cut)
}
