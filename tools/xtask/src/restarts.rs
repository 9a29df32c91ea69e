//! `cargo xtask restarts`: all replicas are killed together and started in any order, again and again, as a reboot or a
//! restart of the engine does it. Their addresses change hands. After each round every replica must get requests.

use std::{collections::BTreeSet, time::Duration};

use anyhow::{Context, ensure};
use bot::{Client, Target};
use rand::{SeedableRng, rngs::StdRng};
use stack::{Compose, Container, Stack, workspace_root};
use tokio::{task::JoinSet, time::Instant};

use crate::docker;

/// The service whose replicas are killed.
const SERVICE: &str = "webserver";

/// How long a replica may be without requests after it was started again.
const WITHIN: Duration = Duration::from_secs(15);

/// The orders in which three can be started.
const ORDERS: [[usize; 3]; 6] = [
    [0, 1, 2],
    [2, 1, 0],
    [1, 2, 0],
    [0, 2, 1],
    [2, 0, 1],
    [1, 0, 2],
];

/// What can be chosen.
#[derive(clap::Args)]
pub struct Options {
    /// How often all are killed
    #[arg(long, default_value_t = 200, value_name = "ROUNDS")]
    rounds: usize,

    /// How many clients have a socket meanwhile
    #[arg(long, default_value_t = 60, value_name = "SOCKETS")]
    sockets: usize,

    /// In containers instead of processes
    #[arg(long)]
    docker: bool,

    /// The port of Traefik's container
    #[arg(long, default_value_t = 8090, value_name = "PORT")]
    port: u16,
}

/// Starts three replicas, and goes round.
pub async fn run(options: &Options) -> anyhow::Result<()> {
    if options.docker {
        docker::ensure_available()?;
        let root = workspace_root();
        let compose = Compose::new(&root, Some("goatscale-restarts"), options.port);
        let result = async {
            compose.up(true, &[(SERVICE, ORDERS[0].len())]).await?;
            in_containers(&compose, options).await
        };
        let result = result.await;
        compose.down().await?;
        return result;
    }
    let builder = Stack::builder().scale(SERVICE, ORDERS[0].len());
    let mut stack = builder.start().await?;
    as_processes(&mut stack, options).await
}

async fn in_containers(compose: &Compose, options: &Options) -> anyhow::Result<()> {
    let containers = compose.containers(SERVICE).await?;
    let ids: Vec<String> = containers.iter().map(|(id, _)| id.clone()).collect();
    let sockets = sockets(&compose.address(), options.sockets).await?;
    let mut worst = Duration::ZERO;
    for round in 0..options.rounds {
        let mut killing = JoinSet::new();
        for (_, container) in &containers {
            let container: Container = container.clone();
            killing.spawn(async move { container.kill().await });
        }
        while let Some(killed) = killing.join_next().await {
            killed??;
        }
        for index in ORDERS[round % ORDERS.len()] {
            containers[index].1.start().await?;
        }
        let who_answers = async || compose.who_answers(SERVICE).await;
        worst = worst.max(all_get_requests(round, &ids, who_answers).await?);
    }
    finish(options, worst, sockets)
}

async fn as_processes(stack: &mut Stack, options: &Options) -> anyhow::Result<()> {
    let replicas = stack.replicas();
    let (ids, mut addresses): (Vec<String>, Vec<String>) = replicas
        .map(|replica| (replica.id().to_owned(), replica.address().to_owned()))
        .unzip();
    let sockets = sockets(&stack.address(), options.sockets).await?;
    let mut worst = Duration::ZERO;
    for round in 0..options.rounds {
        while stack.replicas().next().is_some() {
            stack.take_replica(0)?.kill().await?;
        }
        // Containers get the addresses anew, in the order of their start. So do these processes, from another place each time.
        addresses.rotate_left(round % 3);
        for (index, address) in ORDERS[round % ORDERS.len()].into_iter().zip(&addresses) {
            let listen = [("LISTEN", address.as_str())];
            stack.start_as(SERVICE, &ids[index], &listen).await?;
        }
        let who_answers = async || stack.who_answers(SERVICE).await;
        worst = worst.max(all_get_requests(round, &ids, who_answers).await?);
    }
    finish(options, worst, sockets)
}

/// Waits until each replica has answered, and gives how long that took.
async fn all_get_requests(
    round: usize,
    ids: &[String],
    who_answers: impl AsyncFn() -> anyhow::Result<String>,
) -> anyhow::Result<Duration> {
    let began = Instant::now();
    let mut missing: BTreeSet<&str> = ids.iter().map(String::as_str).collect();
    while !missing.is_empty() {
        if let Ok(id) = who_answers().await {
            missing.remove(id.as_str());
        }
        ensure!(
            began.elapsed() < WITHIN || missing.is_empty(),
            "in round {round} {missing:?} got no request within {WITHIN:?}"
        );
    }
    let took = began.elapsed();
    println!(
        "round {round}: all had requests after {} ms",
        took.as_millis()
    );
    Ok(took)
}

/// Clients that come back whenever they lose their socket.
async fn sockets(address: &str, count: usize) -> anyhow::Result<JoinSet<()>> {
    let port = address.rsplit(':').next().context("Traefik has no port")?;
    let target = Target::parse(&format!("http://{SERVICE}.localhost:{port}"))?;
    let sessions = bot::log_in_all(&[target], count, "restarts", |_| {}).await?;
    let mut tasks = JoinSet::new();
    for (seed, session) in (0..).zip(sessions) {
        let mut client = Client::new(session, "restarts", StdRng::seed_from_u64(seed));
        tasks.spawn(async move {
            loop {
                if client.connect().await.is_ok() {
                    while client.next().await.is_ok() {}
                }
                client.wait().await;
            }
        });
    }
    Ok(tasks)
}

fn finish(options: &Options, worst: Duration, sockets: JoinSet<()>) -> anyhow::Result<()> {
    ensure!(sockets.len() == options.sockets, "a client has ended");
    println!(
        "{} rounds: nobody was without requests for longer than {} ms.",
        options.rounds,
        worst.as_millis()
    );
    Ok(())
}
