//! The one subscription of this process, and how it comes back.

use std::{sync::Arc, time::Duration};

use anyhow::{Context, anyhow};
use futures_util::{FutureExt, StreamExt};
use protocol::Message;
use redis::{
    Client, Msg,
    aio::{ConnectionManager, PubSubSink, PubSubStream},
};
use telemetry::one_line;
use tokio::time::{MissedTickBehavior, interval, sleep, timeout};
use tracing::{info, warn};

use crate::{
    backfill::backfill,
    entry, names,
    redis_client::{ANSWER_WITHIN, MAX_RETRY, answers, retries},
    shared::Shared,
};

/// How often the connection is tried out. A subscriber only listens, so without this it would not notice that nobody
/// is speaking any more.
const PING_EVERY: Duration = Duration::from_secs(1);

/// The most messages that are handed on at once. Whatever has arrived together is handed on together, and this
/// bounds it.
const MAX_BATCH: usize = 64;

/// Keeps this process subscribed, for as long as it runs.
///
/// There is one subscription for each process, however many players it has: Redis then writes each message once to each
/// replica, and the replica passes it on.
///
/// Commands have a connection of their own, which was most likely lost with it. Only when that answers, too, does this
/// replica count as subscribed: then the first thing that somebody says is said.
pub(crate) async fn run(
    client: Client,
    commands: ConnectionManager,
    url: String,
    shared: Arc<Shared>,
) {
    let mut known = String::new();
    let mut waits = retries();
    loop {
        let lost = match subscribe(&client, &commands, &shared).await {
            Ok((pings, messages)) => {
                shared.link.subscribed();
                shared.ended.subscribed();
                info!(url, "this replica is subscribed to the messages of all");
                (waits, known) = (retries(), String::new());
                listen(pings, messages, &shared).await
            }
            Err(error) => error,
        };
        shared.link.lost();
        // One line for each reason, not one for each try.
        let reason = one_line(&lost);
        if reason != known {
            warn!(url, error = reason, "not subscribed, and will keep trying");
            known = reason;
        }
        sleep(waits.next().unwrap_or(MAX_RETRY)).await;
    }
}

/// Subscribes, and then reads what was said before. In the other order, what was said between the two would be missed.
async fn subscribe(
    client: &Client,
    commands: &ConnectionManager,
    shared: &Shared,
) -> anyhow::Result<(PubSubSink, PubSubStream)> {
    let subscribed = timeout(ANSWER_WITHIN, async {
        let (mut pings, messages) = client.get_async_pubsub().await?.split();
        pings.subscribe(names::MESSAGES).await?;
        pings.subscribe(names::PRESENCE).await?;
        pings.subscribe(names::ENDED).await?;
        redis::RedisResult::Ok((pings, messages))
    });
    let (pings, messages) = subscribed.await.context("Redis did not answer in time")??;
    answers(commands).await?;
    backfill(shared).await?;
    Ok((pings, messages))
}

/// Takes in messages until the connection is lost, and says why it was.
async fn listen(mut pings: PubSubSink, messages: PubSubStream, shared: &Shared) -> anyhow::Error {
    // All that has arrived is taken at once. Nothing waits for a batch to fill.
    let mut batches = messages.ready_chunks(MAX_BATCH);
    let mut ticks = interval(PING_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let lost = loop {
        tokio::select! {
            batch = batches.next() => match batch {
                Some(batch) => if let Err(error) = take(&batch, shared) { break error },
                None => break anyhow!("the connection to Redis was closed"),
            },
            _ = ticks.tick() => match timeout(ANSWER_WITHIN, pings.ping::<()>()).await {
                Ok(Ok(())) => {}
                Ok(Err(error)) => break anyhow!(error).context("a ping failed"),
                Err(_) => break anyhow!("Redis does not answer any more"),
            },
        }
    };
    // What had arrived before the loss is not lost with it.
    while let Some(Some(batch)) = batches.next().now_or_never() {
        if take(&batch, shared).is_err() {
            break;
        }
    }
    lost
}

fn take(batch: &[Msg], shared: &Shared) -> anyhow::Result<()> {
    if batch
        .iter()
        .any(|raw| raw.get_channel_name() == names::PRESENCE)
    {
        shared.presence.refresh();
    }
    for raw in batch {
        if raw.get_channel_name() == names::ENDED {
            shared.ended.hear(raw.get_payload_bytes());
        }
    }
    shared.take(&read(batch))
}

/// The messages of a batch. What is no message is told and left out: the channel is open to whoever has the password.
fn read(batch: &[Msg]) -> Vec<Message> {
    let on_channel = batch
        .iter()
        .filter(|raw| raw.get_channel_name() == names::MESSAGES);
    on_channel
        .filter_map(|raw| {
            entry::read(raw.get_payload_bytes())
                .inspect_err(|error| {
                    warn!(
                        error = one_line(error),
                        "something on the channel is no message"
                    )
                })
                .ok()
        })
        .collect()
}
