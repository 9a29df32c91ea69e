//! What becomes of records when a replica ends, and when the store is not well meanwhile.

use std::time::Duration;

use acceptance::{
    answer::{expect, header},
    player::Player,
};
use anyhow::ensure;
use nix::sys::signal::Signal;
use stack::Stack;
use tokio::time::Instant;

use super::{
    services::{answered, found},
    store::records,
};

/// So many requests are answered just before the end.
const REQUESTS: usize = 50;

/// A container gets thirty seconds, and what a replica waits for at its end before anything else takes a few.
const ENDED_WITHIN: Duration = Duration::from_secs(30);

/// Asks a replica so often, and gives the ids of the answers.
async fn ask(stack: &Stack, replica: &str, times: usize) -> anyhow::Result<Vec<String>> {
    let ada = Player::nobody("")?;
    let address = stack.called(replica)?.address().to_owned();
    let mut ids = Vec::new();
    for _ in 0..times {
        let answer = ada.get(&address, "/api/whoami").send().await?;
        ids.push(header(&expect(answer, 200).await?, "x-request-id")?);
    }
    Ok(ids)
}

/// Whoever is told to stop sends what it has first.
#[tokio::test]
async fn a_replica_that_is_stopped_has_sent_all_its_records() -> anyhow::Result<()> {
    let mut stack = Stack::builder().scale("webserver", 2).start().await?;
    let ids = ask(&stack, "webserver-1", REQUESTS).await?;
    stack.take_replica(0)?.stop().await?;
    let query = r#"_msg:="this replica has stopped""#;
    found(&stack, query, 1).await?;
    for id in ids {
        answered(&stack, &id).await?;
    }
    Ok(())
}

/// Standard output has what the store has not: all of it.
#[tokio::test]
async fn a_replica_that_is_killed_has_written_all_its_lines() -> anyhow::Result<()> {
    let mut stack = Stack::builder().scale("webserver", 2).start().await?;
    let log = stack.called("webserver-1")?.log().clone();
    let ids = ask(&stack, "webserver-1", REQUESTS).await?;
    stack.take_replica(0)?.kill().await?;
    for id in &ids {
        let told = log.find(|line| line.contains(id).then_some(())).await;
        ensure!(told.is_some(), "{id} is nowhere");
    }
    let stored = records(&stack, r#"_msg:="answered a request""#).await?;
    let has = |id: &&String| stored.iter().any(|record| record.contains(id.as_str()));
    let missing = ids.iter().filter(|id| !has(id)).count();
    println!("of {REQUESTS} records, {missing} did not get to the store");
    Ok(())
}

/// A store that stands still keeps no request waiting, and no end.
#[tokio::test]
async fn a_frozen_store_delays_neither_requests_nor_an_end() -> anyhow::Result<()> {
    let mut stack = Stack::builder().scale("webserver", 2).start().await?;
    stack.server("logs")?.signal(Signal::SIGSTOP)?;
    ask(&stack, "webserver-1", REQUESTS).await?;
    let mut replica = stack.take_replica(0)?;
    let log = replica.log().clone();
    let begun = Instant::now();
    replica.signal(Signal::SIGTERM)?;
    let status = replica.wait(ENDED_WITHIN).await?;
    println!("ended after {:?}", begun.elapsed());
    ensure!(status.success(), "{status}");
    let told = log.lines().join("\n");
    ensure!(told.contains("not all records went to the store"), "{told}");
    stack.server("logs")?.signal(Signal::SIGCONT)?;
    Ok(())
}

/// What was said while the store was away is in it when it is back, and how much is not was counted.
#[tokio::test]
async fn a_store_that_was_away_gets_what_it_missed() -> anyhow::Result<()> {
    let stack = Stack::builder().start().await?;
    let log = stack.called("webserver-1")?.log().clone();
    stack.server("logs")?.kill().await?;
    let ids = ask(&stack, "webserver-1", REQUESTS).await?;
    let told = |sentence: &'static str| log.find(move |line| line.contains(sentence).then_some(()));
    ensure!(told("the store of the logs is away").await.is_some());
    stack.server("logs")?.start().await?;
    ensure!(
        told("the store of the logs takes records again")
            .await
            .is_some()
    );
    for id in ids {
        answered(&stack, &id).await?;
    }
    ensure!(!log.lines().join("\n").contains("not all records"));
    Ok(())
}
