//! The servers under test, as processes.

use std::{
    fs::File,
    path::Path,
    process::Stdio,
    time::{Duration, Instant},
};

use anyhow::{Context, bail};
use bot::Target;
use stack::Port;
use tempfile::TempDir;
use tokio::{
    net::TcpStream,
    process::{Child, Command},
    time::sleep,
};

use crate::{kind::Kind, options::Options, redis_server::RedisServer};

/// Processes of each server.
pub const PROCESSES: usize = 2;

/// The two processes of a server, which end with this value.
#[derive(Debug)]
pub struct Server {
    processes: Vec<(Child, Port)>,
    logs: TempDir,
}

impl Server {
    /// Starts both processes and waits until they listen.
    pub async fn start(
        kind: Kind,
        binary: &Path,
        redis: &RedisServer,
        options: &Options,
    ) -> anyhow::Result<Server> {
        let mut server = Server {
            processes: Vec::new(),
            logs: TempDir::new().context("cannot create a temporary folder")?,
        };
        for number in 1..=PROCESSES {
            server.spawn(kind, number, binary, redis, options)?;
        }
        let deadline = Instant::now() + Duration::from_secs(20);
        for index in 0..PROCESSES {
            while TcpStream::connect(server.processes[index].1.address())
                .await
                .is_err()
            {
                let ended = server.processes[index].0.try_wait()?;
                if ended.is_some() || Instant::now() > deadline {
                    bail!("{kind} does not start:\n{}", server.log());
                }
                sleep(Duration::from_millis(20)).await;
            }
        }
        Ok(server)
    }

    fn spawn(
        &mut self,
        kind: Kind,
        number: usize,
        binary: &Path,
        redis: &RedisServer,
        options: &Options,
    ) -> anyhow::Result<()> {
        let port = Port::reserve()?;
        let log = File::create(self.logs.path().join(number.to_string()))?;
        let mut command = Command::new(binary);
        command
            .env_clear()
            .env("LISTEN", port.address())
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .kill_on_drop(true);
        if kind.is_ours() {
            let (url, password) = redis.url_and_password();
            // There is no Consul. A replica serves nevertheless, and looks for one every second.
            command
                .env("REPLICA_ID", format!("webserver-{number}"))
                .env("LOG_FORMAT", "json")
                .env("CONSUL_URL", "http://127.0.0.1:9")
                .env("SESSIONS_URL", &url)
                .env("SESSIONS_PASSWORD", password)
                .env("PUBSUB_URL", &url)
                .env("PUBSUB_PASSWORD", password)
                .envs(load::LIMITS.map(|limit| (limit, "1000000")));
            let window = match kind {
                Kind::Gathering => options.flush_window,
                _ => 0,
            };
            command.env("FLUSH_WINDOW", window.to_string());
        } else {
            command.env("PUBSUB_URL", redis.url_with_password());
        }
        let process = command
            .spawn()
            .with_context(|| format!("cannot start {}", binary.display()))?;
        self.processes.push((process, port));
        Ok(())
    }

    /// Where its processes listen.
    pub fn targets(&self) -> anyhow::Result<Vec<Target>> {
        let ports = self.processes.iter().map(|(_, port)| port);
        ports.map(|port| Ok(Target::at(&port.address())?)).collect()
    }

    /// The ids of its processes.
    pub fn pids(&self) -> Vec<u32> {
        let processes = self.processes.iter();
        processes.filter_map(|(process, _)| process.id()).collect()
    }

    /// What its processes have written last.
    pub fn log(&self) -> String {
        let logs = (1..=PROCESSES).map(|number| {
            let path = self.logs.path().join(number.to_string());
            let text = std::fs::read_to_string(path).unwrap_or_default();
            let lines: Vec<&str> = text.lines().collect();
            let last = &lines[lines.len().saturating_sub(10)..];
            last.join("\n")
        });
        logs.collect::<Vec<_>>().join("\n")
    }

    /// Ends both processes, and waits until they are gone: the next server is to have the machine for itself.
    pub async fn end(mut self) -> anyhow::Result<()> {
        for (process, _) in &mut self.processes {
            process.kill().await.context("cannot end a server")?;
        }
        Ok(())
    }
}
