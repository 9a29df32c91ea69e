//! Many sockets, slow ones, and connections that nobody should trust. The checks are those of the load tool.

use std::time::Duration;

use acceptance::quiet;
use bot::Target;
use load::checks::{Malformed, SlowReaders, Sockets, System, malformed, slow_readers, sockets};
use stack::{Builder, Stack};

/// Two replicas without limits of what one session or one address may do, each asked on its own address.
async fn system() -> anyhow::Result<(Stack, System)> {
    let unlimited = |builder: Builder, limit: &&str| builder.environment(limit, "1000000");
    let builder = load::LIMITS.iter().fold(quiet(), unlimited);
    // More sockets than the containers have memory for: here nothing bounds it.
    let builder = builder.environment("MAX_SOCKETS", "20000");
    let stack = builder.scale("webserver", 2).start().await?;
    let replicas = stack.replicas();
    let targets = replicas.map(|replica| Ok(Target::at(replica.address())?));
    let targets = targets.collect::<anyhow::Result<_>>()?;
    let pids = stack.replicas().filter_map(stack::Replica::pid).collect();
    let pubsub_url = stack.server("pubsub")?.url("redis")?;
    Ok((
        stack,
        System {
            targets,
            pids,
            pubsub_url,
        },
    ))
}

#[tokio::test]
async fn whoever_never_reads_is_closed_and_costs_the_others_nothing() -> anyhow::Result<()> {
    let (_stack, system) = system().await?;
    let wanted = SlowReaders {
        live: 10,
        stuck: 5,
        ..SlowReaders::default()
    };
    let report = slow_readers(&system, wanted).await?;
    println!("{report}");
    report.ensure_passed()
}

#[tokio::test]
async fn thousands_of_sockets_are_told_everything() -> anyhow::Result<()> {
    let (_stack, system) = system().await?;
    let wanted = Sockets {
        time: Duration::from_secs(5),
        // Here replicas are built for debugging, whose tasks are larger.
        bytes_each: 16_000,
        ..Sockets::default()
    };
    let report = sockets(&system, wanted, &mut |_| {}).await?;
    println!("{report}");
    report.ensure_passed()
}

#[tokio::test]
async fn malformed_openings_do_no_harm() -> anyhow::Result<()> {
    let (_stack, system) = system().await?;
    let report = malformed(&system, Malformed::default()).await?;
    println!("{report}");
    report.ensure_passed()
}
