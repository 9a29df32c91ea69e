//! One server in one round: start, connect, pace, flat out, end.

use std::{fmt, sync::Arc, time::Instant};

use anyhow::{Context, bail};
use bot::{Session, Target};
use load::{
    Latency, memory,
    message::Form,
    publisher::{Flow, Publisher},
    reader::{Count, Readers},
};
use serde::Serialize;

use crate::{
    build::Binaries,
    kind::Kind,
    options::{Options, Through},
    proxy::Proxy,
    redis_server::RedisServer,
    server::{PROCESSES, Server},
};

/// Fills a text to about a hundred characters, which is a long line of chat.
const PADDING: &str = "The goats have reached the ridge";

/// Messages sent before anything is measured.
const WARM_UP: u64 = 200;

/// A socket of ten is opened first, so that what the first sockets need is not divided among the others.
const FIRST: usize = 10;

/// What one server did in one round.
#[derive(Clone, Debug, Serialize)]
pub struct Sample {
    /// Which server.
    pub server: Kind,
    /// At a few messages a second.
    pub paced: Cost,
    /// At as many as go through.
    pub flat_out: Cost,
    /// Bytes of memory that one more idle socket needs.
    pub bytes_per_socket: f64,
    /// The same after the flat-out mode, when every buffer has been used.
    pub bytes_per_socket_used: f64,
    /// Bytes of memory that one more idle socket needs in the proxy, where there is one.
    pub proxy_bytes_per_socket: f64,
    /// Bytes a second that a socket is told while all others come: who is here.
    pub presence_bytes_per_second: f64,
}

/// What a number of deliveries cost.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Cost {
    /// Messages times sockets.
    pub deliveries: u64,
    /// Processor time of both processes and of the proxy, in seconds.
    pub cpu_seconds: f64,
    /// The proxy's part of that, in seconds.
    pub proxy_cpu_seconds: f64,
    /// Processor seconds for a million deliveries.
    pub per_million: f64,
    /// Deliveries in a second of wall-clock time.
    pub deliveries_per_second: f64,
    /// From publishing to delivery, in milliseconds.
    pub latency: Latency,
}

impl fmt::Display for Sample {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "paced {:.2}, flat out {:.2} CPU s per million deliveries, {:.1} KB a socket, {:.1} KB in the proxy",
            self.paced.per_million,
            self.flat_out.per_million,
            self.bytes_per_socket / 1e3,
            self.proxy_bytes_per_socket / 1e3
        )
    }
}

/// Measures `kind` once.
pub async fn measure(
    kind: Kind,
    binaries: &Binaries,
    redis: &RedisServer,
    options: &Options,
) -> anyhow::Result<Sample> {
    let server = Server::start(kind, &binaries[&kind], redis, options).await?;
    let targets = server.targets()?;
    let proxy = match options.through {
        Through::Nothing => None,
        Through::Traefik => Some(Proxy::start(&targets).await?),
    };
    let chain = Chain {
        targets: proxy.as_ref().map_or(Ok(targets), |proxy| {
            Ok::<_, anyhow::Error>(vec![proxy.target()?])
        })?,
        servers: server.pids(),
        proxy: proxy.iter().filter_map(Proxy::pid).collect(),
    };
    let measured = with(&chain, kind, redis, options).await;
    let log = server.log();
    if let Some(proxy) = proxy {
        proxy.end().await?;
    }
    server.end().await?;
    measured.with_context(|| format!("{kind} failed; it wrote last:\n{log}"))
}

/// What a message passes on its way from Redis to a client.
struct Chain {
    /// Where clients connect to.
    targets: Vec<Target>,
    /// The processes of the server.
    servers: Vec<u32>,
    /// That of the proxy, if there is one.
    proxy: Vec<u32>,
}

async fn with(
    chain: &Chain,
    kind: Kind,
    redis: &RedisServer,
    options: &Options,
) -> anyhow::Result<Sample> {
    let form = match kind {
        Kind::Ours | Kind::Gathering => Form::Ours,
        Kind::Textbook | Kind::Raw | Kind::Before => Form::Bare,
    };
    let mut publisher = Publisher::connect(&redis.url_with_password(), form, PADDING).await?;
    publisher.wait_for_listeners(PROCESSES).await?;
    let sessions = sessions(chain, kind, options.sockets as usize).await?;
    let (run, epoch) = publisher.run();

    let (first, rest) = sessions.split_at(sessions.len() / FIRST);
    let mut readers = Readers::of(run, epoch)?;
    readers.open(first).await?;
    let resident = || -> anyhow::Result<(u64, u64)> {
        Ok((
            memory::resident(&chain.servers)?,
            memory::resident(&chain.proxy)?,
        ))
    };
    let before = resident()?;
    let (told, begun) = (readers.bytes_of_first(first.len()), Instant::now());
    readers.open(rest).await?;
    let told = readers.bytes_of_first(first.len()) - told;
    let told = told as f64 / first.len() as f64 / begun.elapsed().as_secs_f64();
    let idle = resident()?;
    let per_socket = |before: u64, now: u64| now.saturating_sub(before) as f64 / rest.len() as f64;

    let warm_up = Flow {
        rate: None,
        window: 1,
        time: options.paced_time(),
        messages: WARM_UP,
    };
    publisher.publish(&readers, warm_up).await?;
    let paced = Flow {
        rate: Some(options.rate.into()),
        window: options.window.into(),
        time: options.paced_time(),
        messages: u64::MAX,
    };
    let paced = cost(&mut publisher, &readers, chain, paced).await?;
    let flat_out = Flow {
        rate: None,
        window: options.window.into(),
        time: options.flat_out_time(),
        messages: u64::MAX,
    };
    let flat_out = cost(&mut publisher, &readers, chain, flat_out).await?;

    let count = readers.count(publisher.published());
    let expected = Count {
        delivered: publisher.published() * sessions.len() as u64,
        ..Count::default()
    };
    if count != expected {
        bail!("not everything was delivered once and in order: {count:?}, expected {expected:?}");
    }
    let sample = Sample {
        server: kind,
        paced,
        flat_out,
        bytes_per_socket: per_socket(before.0, idle.0),
        bytes_per_socket_used: per_socket(before.0, resident()?.0),
        proxy_bytes_per_socket: per_socket(before.1, idle.1),
        presence_bytes_per_second: told,
    };
    readers.close().await;
    Ok(sample)
}

/// The baselines let everybody in. Ours wants a login, as always.
async fn sessions(chain: &Chain, kind: Kind, count: usize) -> anyhow::Result<Vec<Session>> {
    let targets = &chain.targets;
    if kind.is_ours() {
        return Ok(bot::log_in_all(targets, count, "bench", |_| {}).await?);
    }
    let targets: Vec<_> = targets.iter().cloned().map(Arc::new).collect();
    let sessions = (0..count).map(|index| Session {
        target: Arc::clone(&targets[index % targets.len()]),
        cookie: String::new(),
    });
    Ok(sessions.collect())
}

async fn cost(
    publisher: &mut Publisher,
    readers: &Readers,
    chain: &Chain,
    flow: Flow,
) -> anyhow::Result<Cost> {
    let _ = readers.take_latency();
    let used = || -> anyhow::Result<(f64, f64)> {
        let of = |pids: &[u32]| Ok::<_, anyhow::Error>(memory::processor_time(pids)?.as_secs_f64());
        Ok((of(&chain.servers)?, of(&chain.proxy)?))
    };
    let (delivered, before) = (readers.count(publisher.published()).delivered, used()?);
    let begun = Instant::now();
    publisher.publish(readers, flow).await?;
    let took = begun.elapsed().as_secs_f64();
    let after = used()?;
    let proxy_cpu_seconds = after.1 - before.1;
    let cpu_seconds = after.0 - before.0 + proxy_cpu_seconds;
    let deliveries = readers.count(publisher.published()).delivered - delivered;
    Ok(Cost {
        deliveries,
        cpu_seconds,
        proxy_cpu_seconds,
        per_million: cpu_seconds / (deliveries as f64 / 1e6),
        deliveries_per_second: deliveries as f64 / took,
        latency: readers.take_latency(),
    })
}
