//! A thousand connections that nobody should trust.

use std::{collections::BTreeMap, io, sync::Arc, time::Duration};

use anyhow::Context;
use bot::{Target, session};
use futures_util::{StreamExt, stream};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

use super::{
    openings::{Kind, Opening, opening},
    report::{Findings, Report},
    system::{System, megabytes},
};
use crate::{
    plan::{Pace, Plan},
    raw_frames::{Frames, opcode},
    run,
};

/// How many connections, and of which sequence.
#[derive(Clone, Copy, Debug)]
pub struct Malformed {
    /// Connections in all, of every kind in turn.
    pub openings: usize,
    /// The same seed gives the same connections.
    pub seed: u64,
    /// Bytes by which the memory of all replicas together may grow.
    pub growth: u64,
}

impl Default for Malformed {
    fn default() -> Malformed {
        Malformed {
            openings: 1_000,
            seed: 1,
            growth: 8_000_000,
        }
    }
}

/// Connections at the same time.
const CONCURRENT: usize = 32;

/// How long a server may hold a connection that has been ended on our side.
const ENDED_WITHIN: Duration = Duration::from_secs(10);

/// Sends what is malformed while some well-behaved clients talk.
///
/// # Errors
/// When the check cannot be made. That it was not passed stands in the report.
pub async fn malformed(system: &System, wanted: Malformed) -> anyhow::Result<Report> {
    let mut findings = Findings::of("malformed");
    system.warm_up().await?;
    let targets: Vec<Arc<Target>> = system.targets.iter().cloned().map(Arc::new).collect();
    let client = session::client()?;
    let mut sessions = Vec::new();
    for target in &targets {
        sessions.push(session::log_in(&client, Arc::clone(target), "malformed").await?);
    }
    let attack = |numbers: std::ops::Range<usize>| {
        stream::iter(numbers)
            .map(|number| {
                let session = &sessions[number % sessions.len()];
                let host = &session.target.host;
                let opening = opening(number, wanted.seed, host, &session.cookie);
                let address = session.target.address;
                async move {
                    let kind = opening.kind;
                    let ended = timeout(ENDED_WITHIN, send(address, opening)).await;
                    (kind, ended.unwrap_or_else(|_| Ok(LEFT_OPEN.to_owned())))
                }
            })
            .buffer_unordered(CONCURRENT)
            .collect::<Vec<_>>()
    };
    // What the first of each kind needs, the next need not: only what every further one costs is a leak.
    attack(0..Kind::ALL.len() * 10).await;
    let before = system.resident()?;
    let mut plan = Plan::new(system.targets.clone());
    plan.pace = Pace::Rate(50.0);
    plan.time = Duration::from_secs(3);
    let mut quiet = |_| {};
    let (results, summary) = tokio::join!(attack(0..wanted.openings), run::run(&plan, &mut quiet));
    let summary = summary.context("well-behaved clients were not served")?;

    let mut answers = BTreeMap::<(Kind, String), usize>::new();
    for (kind, answer) in results {
        let answer = answer.unwrap_or_else(|error| error.kind().to_string());
        *answers.entry((kind, answer)).or_default() += 1;
    }
    findings.found(format!("{} connections", wanted.openings));
    for ((kind, answer), count) in &answers {
        findings.found(format!("{kind:?}: {count} × {answer}"));
        findings.require(answer != LEFT_OPEN, || {
            format!("{count} connections of kind {kind:?} were left open")
        });
    }
    findings.found(format!(
        "meanwhile {} of {} messages were delivered to well-behaved clients",
        summary.tally.delivered, summary.tally.owed
    ));
    findings.faults.extend(summary.faults());
    for target in &targets {
        let live = client
            .get(target.url("/health/live"))
            .header("host", &target.host)
            .send()
            .await;
        let live = live.is_ok_and(|answer| answer.status().is_success());
        findings.require(live, || format!("{} does not live any more", target.host));
    }
    let grown = system.resident()?.saturating_sub(before);
    findings.found(format!("memory grew by {:.1} MB", megabytes(grown)));
    findings.require(grown < wanted.growth, || {
        format!(
            "memory grew by {:.1} MB, and may grow by {:.1} MB",
            megabytes(grown),
            megabytes(wanted.growth)
        )
    });
    Ok(findings.report())
}

/// The server did not end what we had ended.
const LEFT_OPEN: &str = "left open";

/// Sends an opening to its end and says how the server ended it.
async fn send(address: std::net::SocketAddr, opening: Opening) -> io::Result<String> {
    let mut stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    stream.write_all(&opening.request).await?;
    let mut read = Vec::new();
    if let Some(frames) = &opening.frames {
        while memchr::memmem::find(&read, b"\r\n\r\n").is_none() {
            if stream.read_buf(&mut read).await? == 0 {
                return Ok(answer(&read));
            }
        }
        stream.write_all(frames).await?;
    }
    if opening.drops {
        return Ok("dropped by us".to_owned());
    }
    // From now on the server waits for nothing, so it has to come to an end.
    stream.shutdown().await?;
    stream.read_to_end(&mut read).await?;
    Ok(answer(&read))
}

/// What the server said, in a word: its status, and the code of its close frame.
fn answer(read: &[u8]) -> String {
    let (head, frames) = match memchr::memmem::find(read, b"\r\n\r\n") {
        Some(at) => read.split_at(at + 4),
        None => (read, &[][..]),
    };
    let head = String::from_utf8_lossy(head);
    let Some(status) = head
        .strip_prefix("HTTP/1.1 ")
        .and_then(|rest| rest.get(..3))
    else {
        return "closed without a word".to_owned();
    };
    if status != "101" {
        return status.to_owned();
    }
    let mut close = "closed without a code".to_owned();
    Frames::default().feed(frames, |opcode, payload| {
        if let (opcode::CLOSE, Some(code)) = (opcode, payload.first_chunk::<2>()) {
            close = u16::from_be_bytes(*code).to_string();
        }
    });
    close
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_known_by_its_status_or_its_code() {
        assert_eq!(answer(b""), "closed without a word");
        assert_eq!(answer(b"HTTP/1.1 400 Bad Request\r\n\r\n"), "400");
        let upgraded = b"HTTP/1.1 101 Switching Protocols\r\n\r\n".to_vec();
        assert_eq!(answer(&upgraded), "closed without a code");
        let closed = [&upgraded[..], &[0x81, 1, b'x', 0x88, 2, 3, 0xf1]].concat();
        assert_eq!(answer(&closed), "1009");
    }
}
