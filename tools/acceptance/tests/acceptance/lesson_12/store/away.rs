//! A store that is not there, stands still, or dies, is missed by nobody who plays.

use std::time::Duration;

use anyhow::ensure;
use nix::sys::signal::Signal;
use stack::Stack;
use tokio::time::Instant;

use super::{ask, header, record_within};

/// How long an answer may take that takes milliseconds. This is for a machine that is busy.
const AT_ONCE: Duration = Duration::from_secs(2);

/// How soon the store has new records after it was away. Traefik tries again after 5 s, and then after longer, up to 30.
const CAUGHT_UP_WITHIN: Duration = Duration::from_secs(60);

/// Asks more often than Traefik keeps records for a store that does not take them, which is 2,048 times.
async fn nobody_waits(stack: &Stack) -> anyhow::Result<()> {
    let one_of_four = async || {
        for _ in 0..600 {
            let began = Instant::now();
            ask(stack).await?;
            let took = began.elapsed();
            ensure!(took < AT_ONCE, "an answer took {took:?}");
        }
        Ok(())
    };
    tokio::try_join!(one_of_four(), one_of_four(), one_of_four(), one_of_four()).map(drop)
}

/// A request that is made now has its record soon.
async fn records_arrive(stack: &Stack) -> anyhow::Result<()> {
    let id = header(&ask(stack).await?, "x-request-id")?;
    record_within(CAUGHT_UP_WITHIN, stack, &id).await.map(drop)
}

#[tokio::test]
async fn all_begins_and_goes_on_without_the_store() -> anyhow::Result<()> {
    let stack = Stack::builder().without("logs").start().await?;
    stack.settle().await?;
    nobody_waits(&stack).await?;
    let store = stack.server("logs")?;
    store.start().await?;
    records_arrive(&stack).await?;
    store.kill().await?;
    nobody_waits(&stack).await?;
    store.start().await?;
    records_arrive(&stack).await
}

#[tokio::test]
async fn a_store_that_stands_still_holds_up_nobody_and_no_end() -> anyhow::Result<()> {
    let stack = Stack::builder().start().await?;
    let (store, traefik) = (stack.server("logs")?, stack.server("traefik")?);
    records_arrive(&stack).await?;
    store.signal(Signal::SIGSTOP)?;
    nobody_waits(&stack).await?;
    let began = Instant::now();
    traefik.stop().await?;
    let took = began.elapsed();
    ensure!(
        took < Duration::from_secs(10),
        "Traefik's end took {took:?}"
    );
    traefik.start().await?;
    stack.settle().await?;
    nobody_waits(&stack).await?;
    store.signal(Signal::SIGCONT)?;
    records_arrive(&stack).await
}
