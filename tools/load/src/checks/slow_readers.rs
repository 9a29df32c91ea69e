//! Clients that never read, beside some that do.

use std::time::{Duration, Instant};

use anyhow::Context;
use tokio::time::interval;

use super::{
    report::{Findings, Report},
    system::{System, megabytes},
};
use crate::{
    client::STILL_OPEN,
    message::Form,
    publisher::{Flow, Publisher},
    reader::Readers,
    run::{open_slow, slow_ends},
};

/// How many clients of each kind, and how much is said.
#[derive(Clone, Copy, Debug)]
pub struct SlowReaders {
    /// Clients that read and must lose nothing.
    pub live: usize,
    /// Clients that never read, all of which the server must close.
    pub stuck: usize,
    /// Bytes of messages published in a second.
    pub bytes_per_second: u64,
    /// How long, at that rate. A machine that is slower takes longer for the same number of bytes.
    pub time: Duration,
    /// Bytes by which the memory of all replicas together may grow meanwhile.
    pub growth: u64,
}

impl Default for SlowReaders {
    fn default() -> SlowReaders {
        SlowReaders {
            live: 100,
            stuck: 10,
            bytes_per_second: 4_000_000,
            time: Duration::from_secs(13),
            growth: 30_000_000,
        }
    }
}

/// Messages that a live client may be behind. The publisher waits for the slowest of them, so that none is taken for
/// stuck because the machine is busy.
const WINDOW: u64 = 128;

/// Characters that fill a text up to nearly the 500 that a player may send. Each is four bytes: the largest messages
/// that there can be.
const PADDING: usize = 430;

/// How often the memory is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// Publishes large messages while some clients never read.
///
/// # Errors
/// When the check cannot be made. That it was not passed stands in the report.
pub async fn slow_readers(system: &System, wanted: SlowReaders) -> anyhow::Result<Report> {
    let mut findings = Findings::of("slow readers");
    bot::ensure_open_files(wanted.live + wanted.stuck)?;
    system.warm_up().await?;
    let padding = "\u{1f410}".repeat(PADDING);
    let mut publisher = Publisher::connect(&system.pubsub_url, Form::Ours, &padding).await?;
    publisher.wait_for_listeners(system.pids.len()).await?;
    let total = wanted.live + wanted.stuck;
    let sessions = bot::log_in_all(&system.targets, total, "reader", |_| {}).await?;
    let (stuck, live) = sessions.split_at(wanted.stuck);
    let (run, epoch) = publisher.run();
    let mut readers = Readers::of(run, epoch)?;
    readers.open(live).await?;
    let mut sockets = Vec::new();
    for session in stuck {
        sockets.push(open_slow(session).await.context("no socket")?);
    }

    let before = system.resident()?;
    let bytes = wanted.bytes_per_second as f64 * wanted.time.as_secs_f64();
    let length = publisher.message_length() as f64;
    let flow = Flow {
        rate: Some(wanted.bytes_per_second as f64 / length),
        window: WINDOW,
        time: wanted.time * 10,
        messages: (bytes / length) as u64,
    };
    let begun = Instant::now();
    let (published, peak) = with_peak(system, publisher.publish(&readers, flow)).await?;
    published?;
    let took = begun.elapsed().as_secs_f64();
    let count = readers.count(publisher.published());
    let grown = peak.saturating_sub(before);
    findings.found(format!(
        "{} messages of {length:.0} bytes in {took:.1} s: {:.1} MB a second to each client",
        publisher.published(),
        publisher.bytes() as f64 / 1e6 / took,
    ));
    findings.found(format!(
        "{} live clients: {} delivered, {} lost, {} again or late, {} closed",
        wanted.live, count.delivered, count.lost, count.repeated, count.closed
    ));
    findings.found(format!(
        "memory grew by {:.1} MB at most, from {:.1} MB",
        megabytes(grown),
        megabytes(before)
    ));
    findings.require(grown < wanted.growth, || {
        format!(
            "memory grew by {:.1} MB, and may grow by {:.1} MB",
            megabytes(grown),
            megabytes(wanted.growth)
        )
    });
    findings.require(
        count.lost + count.repeated == 0 && count.closed == 0,
        || "a live client did not get everything once and in order".to_owned(),
    );
    let ends = slow_ends(sockets).await;
    for (how, clients) in &ends {
        findings.found(format!("{clients} that never read: {how}"));
    }
    let open = ends.get(STILL_OPEN).copied().unwrap_or(0);
    findings.require(open == 0, || {
        format!(
            "{open} of {} clients that never read were not closed",
            wanted.stuck
        )
    });
    readers.close().await;
    Ok(findings.report())
}

/// Runs `work` to its end, and gives with its result the most memory that was seen meanwhile.
async fn with_peak<T>(system: &System, work: impl Future<Output = T>) -> anyhow::Result<(T, u64)> {
    let mut work = std::pin::pin!(work);
    let mut looks = interval(LOOK_EVERY);
    let mut peak = 0;
    loop {
        tokio::select! {
            result = &mut work => return Ok((result, peak.max(system.resident()?))),
            _ = looks.tick() => peak = peak.max(system.resident()?),
        }
    }
}
