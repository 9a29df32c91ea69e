//! All servers, round after round.

use std::path::PathBuf;

use anyhow::ensure;
use tokio::process::Command;

use super::{
    clients::{Clients, Entry},
    contender::{Kind, Sample, Server},
    options::Options,
    ours::{self, Ours},
    peers::{self, ColyseusClients},
    results::Results,
};
use crate::redis_server::RedisServer;

/// How long all play before anything is measured, in seconds.
const WARM_UP: u32 = 2;

/// Measures what was chosen.
///
/// # Errors
/// When a server cannot be built, does not start, or sends a player away.
pub async fn run(options: &Options) -> anyhow::Result<Results> {
    bot::ensure_open_files(options.players())?;
    let redis = RedisServer::start().await?;
    let bench = Bench {
        binaries: ours::build().await?,
        redis,
        options,
    };
    if options
        .servers
        .iter()
        .any(|kind| matches!(kind, Kind::Ws | Kind::Colyseus))
    {
        peers::build().await?;
    }
    let mut samples = Vec::new();
    for round in 1..=options.rounds {
        for kind in &options.servers {
            let sample = bench.measure(*kind).await?;
            eprintln!("round {round} of {}, {kind}: {}", options.rounds, sample);
            samples.push(sample);
        }
    }
    Ok(Results::of(options.matches, samples))
}

struct Bench<'a> {
    binaries: [PathBuf; 2],
    redis: RedisServer,
    options: &'a Options,
}

impl Bench<'_> {
    async fn measure(&self, kind: Kind) -> anyhow::Result<Sample> {
        match kind {
            Kind::Ours => {
                let ours =
                    Ours::start(&self.binaries[0], &self.redis, self.options.matches).await?;
                let before = ours.server.memory()?;
                let mut clients = Clients::new(self.options.inputs);
                // A seat is held for some seconds only, so each eight get in before the next ask.
                for number in 0..self.options.matches {
                    clients
                        .enter(ours.server.address()?, ours.tickets(number).await?)
                        .await?;
                }
                let sample = self.play(kind, &ours.server, before, clients).await?;
                ours.server.end().await?;
                Ok(sample)
            }
            Kind::Colyseus => self.colyseus().await,
            Kind::Raw | Kind::Ws => {
                let server = Server::start(|port| match kind {
                    Kind::Ws => peers::node("ws.mjs", port),
                    _ => {
                        let mut raw = Command::new(&self.binaries[1]);
                        raw.env("LISTEN", port.address());
                        raw
                    }
                })
                .await?;
                let before = server.memory()?;
                let entry = Entry {
                    path: "/".to_owned(),
                    first: None,
                };
                let entries = vec![entry; self.options.players()];
                let mut clients = Clients::new(self.options.inputs);
                clients.enter(server.address()?, entries).await?;
                let sample = self.play(kind, &server, before, clients).await?;
                server.end().await?;
                Ok(sample)
            }
        }
    }

    async fn play(
        &self,
        kind: Kind,
        server: &Server,
        before: u64,
        mut clients: Clients,
    ) -> anyhow::Result<Sample> {
        clients.all_play().await?;
        clients
            .rest(std::time::Duration::from_secs(WARM_UP.into()))
            .await?;
        let _ = clients.lateness(99.0);
        let (snapshots, cpu) = (clients.snapshots(), server.processor_time()?);
        clients.rest(self.options.seconds).await?;
        let cpu = server.processor_time()? - cpu;
        let snapshots = clients.snapshots() - snapshots;
        let late = clients.lateness(99.0);
        self.sample(kind, cpu, snapshots, server.memory()? - before, Some(late))
    }

    async fn colyseus(&self) -> anyhow::Result<Sample> {
        let server = Server::start(|port| peers::node("colyseus.mjs", port)).await?;
        let before = server.memory()?;
        let mut clients = ColyseusClients::enter(server.port(), self.options).await?;
        for _ in 0..WARM_UP {
            clients.states().await?;
        }
        let (first, cpu) = (clients.states().await?, server.processor_time()?);
        let mut last = first;
        for _ in 0..self.options.seconds.as_secs() {
            last = clients.states().await?;
        }
        let cpu = server.processor_time()? - cpu;
        let sample = self.sample(
            Kind::Colyseus,
            cpu,
            last - first,
            server.memory()? - before,
            None,
        )?;
        server.end().await?;
        Ok(sample)
    }

    fn sample(
        &self,
        kind: Kind,
        cpu: std::time::Duration,
        snapshots: u64,
        bytes: u64,
        late: Option<f64>,
    ) -> anyhow::Result<Sample> {
        let players = self.options.players() as f64;
        let player_seconds = players * self.options.seconds.as_secs_f64();
        let each = snapshots as f64 / player_seconds;
        ensure!(
            each > 18.0,
            "{kind} does not keep up: {each:.1} of 20 snapshots a second"
        );
        Ok(Sample {
            kind,
            cost: cpu.as_secs_f64() * 1e6 / player_seconds,
            bytes: bytes as f64 / players,
            late,
            snapshots: each,
        })
    }
}
