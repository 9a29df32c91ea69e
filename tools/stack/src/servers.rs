//! The servers of a stack that this repository does not build: Consul, Traefik and each Redis.

use std::{collections::BTreeSet, path::PathBuf, process::ExitStatus};

use anyhow::Context;
use nix::sys::signal::Signal;

use crate::{redis::Redis, stack::Stack};

impl Stack {
    /// Starts Consul, with an empty catalogue.
    ///
    /// # Errors
    /// When it is not installed or does not start.
    pub async fn start_consul(&mut self) -> anyhow::Result<()> {
        self.consul.start(&self.topology, &self.client).await
    }

    /// Ends Consul, and its catalogue with it.
    ///
    /// # Errors
    /// When the system refuses the signal.
    pub async fn stop_consul(&mut self) -> anyhow::Result<()> {
        self.consul.stop().await
    }

    /// Sends a signal to Consul and returns at once. SIGSTOP freezes it, SIGCONT lets it go on.
    ///
    /// # Errors
    /// When it does not run, or the system refuses the signal.
    pub fn signal_consul(&self, signal: Signal) -> anyhow::Result<()> {
        let consul = self.consul.process().context("Consul does not run")?;
        consul.signal(signal)
    }

    /// Starts Traefik.
    ///
    /// # Errors
    /// When it is not installed or does not start.
    pub async fn start_traefik(&mut self) -> anyhow::Result<()> {
        let consul = self.consul.address();
        self.traefik
            .start(&self.topology, &consul, &self.client)
            .await
    }

    /// Ends Traefik.
    ///
    /// # Errors
    /// When the system refuses the signal.
    pub async fn stop_traefik(&mut self) -> anyhow::Result<()> {
        self.traefik.stop().await
    }

    /// The ids in Consul's catalogue under `service`, sorted, each as often as it stands there.
    ///
    /// # Errors
    /// When Consul does not answer.
    pub async fn registered(&self, service: &str) -> anyhow::Result<Vec<String>> {
        let mut ids = self.consul.registered(&self.client, service).await?;
        ids.sort();
        Ok(ids)
    }

    /// The ids under `service` that Consul's health checks let through.
    ///
    /// # Errors
    /// When Consul does not answer.
    pub async fn passing(&self, service: &str) -> anyhow::Result<BTreeSet<String>> {
        self.consul.passing(&self.client, service).await
    }

    /// Host and port of the Redis of this name, such as "sessions".
    ///
    /// # Errors
    /// When there is none of that name here.
    pub fn redis_address(&self, name: &str) -> anyhow::Result<String> {
        Ok(self.redis(name)?.address())
    }

    /// The password of the Redis of this name. It differs from stack to stack.
    ///
    /// # Errors
    /// When there is none of that name here.
    pub fn redis_password(&self, name: &str) -> anyhow::Result<&str> {
        Ok(self.redis(name)?.password())
    }

    /// A URL for a client of the Redis of this name, with the password in it.
    ///
    /// # Errors
    /// When there is none of that name here.
    pub fn redis_url(&self, name: &str) -> anyhow::Result<String> {
        let redis = self.redis(name)?;
        Ok(format!("redis://:{}@{}", redis.password(), redis.address()))
    }

    /// Whether the Redis of this name runs. One that has ended by itself does not.
    ///
    /// # Errors
    /// When there is none of that name here.
    pub fn redis_runs(&mut self, name: &str) -> anyhow::Result<bool> {
        let index = self.redis_index(name)?;
        Ok(self.redis[index].runs())
    }

    /// The process id of the Redis of this name, while it runs.
    ///
    /// # Errors
    /// When there is none of that name here, or it does not run.
    pub fn redis_pid(&self, name: &str) -> anyhow::Result<u32> {
        let process = self.redis(name)?.process();
        let id = process.and_then(crate::Process::id);
        id.with_context(|| format!("{name} does not run"))
    }

    /// The folder that the Redis of this name keeps its data in.
    ///
    /// # Errors
    /// When there is none of that name here.
    pub fn redis_data(&self, name: &str) -> anyhow::Result<PathBuf> {
        Ok(self.redis(name)?.data())
    }

    /// Starts the Redis of this name, with the data that it had, and waits until it answers.
    ///
    /// # Errors
    /// When there is none of that name here, it runs already, or it does not start.
    pub async fn start_redis(&mut self, name: &str) -> anyhow::Result<()> {
        let index = self.redis_index(name)?;
        self.redis[index].start(&self.topology).await
    }

    /// Ends the Redis of this name with SIGTERM, and waits until it has ended. What it is configured to keep, it
    /// keeps.
    ///
    /// # Errors
    /// When there is none of that name here, or the system refuses the signal.
    pub async fn stop_redis(&mut self, name: &str) -> anyhow::Result<()> {
        let index = self.redis_index(name)?;
        self.redis[index].stop().await
    }

    /// Ends the Redis of this name with SIGKILL, and waits until it is gone.
    ///
    /// # Errors
    /// When there is none of that name here, it does not run, or the system refuses the signal.
    pub async fn kill_redis(&mut self, name: &str) -> anyhow::Result<ExitStatus> {
        let index = self.redis_index(name)?;
        self.redis[index].kill().await
    }

    /// Sends a signal to the Redis of this name and returns at once. SIGSTOP freezes it, SIGCONT lets it go on.
    ///
    /// # Errors
    /// When there is none of that name here, it does not run, or the system refuses the signal.
    pub fn signal_redis(&self, name: &str, signal: Signal) -> anyhow::Result<()> {
        self.redis(name)?.signal(signal)
    }

    fn redis(&self, name: &str) -> anyhow::Result<&Redis> {
        Ok(&self.redis[self.redis_index(name)?])
    }

    fn redis_index(&self, name: &str) -> anyhow::Result<usize> {
        let mut all = self.redis.iter();
        all.position(|redis| redis.name() == name)
            .with_context(|| format!("docker-compose.yml has no Redis called {name:?}"))
    }
}
