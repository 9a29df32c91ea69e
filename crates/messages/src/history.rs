//! The history: what was said, kept in Redis for everybody who missed it.
//!
//! It is a *stream*, a list that only grows at its end and is cut at its beginning. Publishing alone would reach only
//! those who are subscribed at that moment. With the history, a replica or a player who was away says where they were,
//! and reads on from there.

use std::{sync::Arc, time::Duration};

use anyhow::{Context, anyhow};
use parking_lot::Mutex;
use protocol::{Id, Message};
use redis::{
    AsyncCommands, RedisResult,
    aio::ConnectionManager,
    streams::{StreamId, StreamRangeReply},
};
use telemetry::one_line;
use tokio::time::timeout;
use tracing::{info, warn};

use crate::{
    entry::{self, Entry},
    limit::Limit,
    names::{FIELD, HISTORY, MESSAGES, remembered, spoken},
    publish_error::PublishError,
    redis_client::ANSWER_WITHIN,
};

/// How many messages are kept, and a few more. redis/pubsub.conf has the memory for them.
pub(crate) const MAX_LENGTH: usize = 10_000;

/// How long a key is remembered, in seconds. A client that got no answer has tried again long before.
const REMEMBERED: u64 = 300;

/// What the script says of a message that was there before, and of one that was not taken.
const REPEATED: &str = "repeated";
const TOO_MANY: &str = "too many";

/// It goes along whole each time. By its hash it would be shorter, but a Redis that has just started does not know that, and has to
/// be asked again: what one player says may then come behind what the same player says next.
const PUBLISH: &str = include_str!("publish.lua");

/// The history, as it stands in Redis. Clones share its connections.
#[derive(Clone)]
pub(crate) struct History {
    commands: ConnectionManager,
    /// What is read may be megabytes, and what is said must not wait behind that. So it has a connection of its own.
    reads: ConnectionManager,
    /// Why Redis refused the last message, if it did.
    refusal: Arc<Mutex<Option<String>>>,
}

/// A message that stands in the history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    /// The message, with its id.
    pub message: Message,
    /// It stood there before: its key was known.
    pub repeated: bool,
}

/// A part of the history.
#[derive(Debug)]
pub(crate) struct Page {
    pub messages: Vec<Message>,
    /// The places of the first and the last entry, which may be no messages; none if there is no entry.
    pub ends: Option<(Id, Id)>,
    /// There may be more.
    pub is_full: bool,
}

impl History {
    pub fn new(commands: ConnectionManager, reads: ConnectionManager) -> History {
        History {
            commands,
            reads,
            refusal: Arc::default(),
        }
    }

    /// Takes a message in and passes it on, if its sender may say more now. If its key is known already, nothing is done,
    /// and the message that has the key is given. Where that has been cut off, it is made of what is said again.
    pub async fn publish(
        &self,
        entry: &Entry<'_>,
        key: Option<&str>,
        limit: &Limit,
    ) -> Result<Published, PublishError> {
        let json = entry.to_json();
        let remembered = key.map(remembered);
        let mut publish = redis::cmd("EVAL");
        publish
            .arg(PUBLISH)
            .arg(2 + usize::from(remembered.is_some()))
            .arg(HISTORY)
            .arg(spoken(&limit.sender))
            .arg(&remembered)
            .arg(&json)
            .arg(MESSAGES)
            .arg(MAX_LENGTH)
            .arg(REMEMBERED)
            .arg(limit.interval())
            .arg(limit.burst());
        let mut commands = self.commands.clone();
        let published = timeout(ANSWER_WITHIN, publish.query_async(&mut commands)).await;
        let (what, told, stored): (String, String, Option<String>) = match published {
            Ok(answer) => answer.map_err(|error| {
                let refusal = PublishError::from(&error);
                // That Redis is away is logged by the subscription's task, which sees the same.
                if refusal != PublishError::NoAnswer {
                    self.note(Some(error.to_string()));
                }
                refusal
            })?,
            Err(_) => return Err(PublishError::NoAnswer),
        };
        // Nobody else writes there, so what cannot be read is as good as no answer.
        if what == TOO_MANY {
            let wait = told.parse().map_err(|_| PublishError::NoAnswer)?;
            return Err(PublishError::TooMany(Duration::from_millis(wait)));
        }
        // A message that was there before says nothing of whether a new one is taken.
        let repeated = what == REPEATED;
        if !repeated {
            self.note(None);
        }
        let place = told.parse().map_err(|_| PublishError::NoAnswer)?;
        let message = entry::read_at(place, stored.as_ref().unwrap_or(&json).as_bytes());
        let message = message.map_err(|_| PublishError::NoAnswer)?;
        Ok(Published { message, repeated })
    }

    /// The first `count` entries after one place. Nothing if there is no such place to begin from, because it was cut off or
    /// never was.
    ///
    /// The place itself is read along. If it is there, nothing after it has been cut off; whatever else Redis could be
    /// asked might have changed when the page is read.
    pub async fn after(&self, after: Id, count: usize) -> anyhow::Result<Option<Page>> {
        if after.is_zero() {
            let entries = self.range("-", "+", count).await?;
            return Page::new(entries, count).map(Some);
        }
        let mut entries = self.range(&after.to_string(), "+", count + 1).await?;
        if entries
            .first()
            .is_none_or(|first| first.id != after.to_string())
        {
            return Ok(None);
        }
        entries.remove(0);
        Page::new(entries, count).map(Some)
    }

    /// The last `count` entries.
    pub async fn last(&self, count: usize) -> anyhow::Result<Page> {
        let mut reads = self.reads.clone();
        let read = reads.xrevrange_count(HISTORY, "+", "-", count);
        let StreamRangeReply { ids: mut entries } = answer(read).await?;
        entries.reverse();
        Page::new(entries, count)
    }

    /// Whether there is an entry at this place.
    pub async fn has(&self, id: Id) -> anyhow::Result<bool> {
        let id = id.to_string();
        Ok(!self.range(&id, &id, 1).await?.is_empty())
    }

    /// How many entries there are.
    pub async fn length(&self) -> anyhow::Result<usize> {
        let mut reads = self.reads.clone();
        answer(reads.xlen(HISTORY)).await
    }

    async fn range(&self, begin: &str, end: &str, count: usize) -> anyhow::Result<Vec<StreamId>> {
        let mut reads = self.reads.clone();
        let read = reads.xrange_count(HISTORY, begin, end, count);
        let StreamRangeReply { ids } = answer(read).await?;
        Ok(ids)
    }

    /// Logs why messages are refused: once, however many are.
    fn note(&self, refusal: Option<String>) {
        let mut known = self.refusal.lock();
        if *known == refusal {
            return;
        }
        match &refusal {
            Some(error) => warn!(
                error,
                "Redis takes no messages into the history; if it is full, give it more memory (maxmemory in \
                 redis/pubsub.conf, and the container's limit), or wait: what is remembered goes after five minutes"
            ),
            None => info!("Redis takes messages into the history again"),
        }
        *known = refusal;
    }
}

impl Page {
    fn new(entries: Vec<StreamId>, count: usize) -> anyhow::Result<Page> {
        let places = entries.iter().map(|entry| entry.id.parse::<Id>());
        let places = places.collect::<Result<Vec<Id>, _>>()?;
        let ends = places.first().copied().zip(places.last().copied());
        let is_full = entries.len() == count;
        let messages = entries.into_iter().zip(places);
        let messages = messages.filter_map(|(entry, place)| {
            let message = entry.get::<Vec<u8>>(FIELD);
            let message = message.context("it has no field of that name");
            message
                .and_then(|stored| entry::read_at(place, &stored))
                .inspect_err(
                    |error| warn!(%place, error = one_line(error), "something in the history is no message"),
                )
                .ok()
        });
        Ok(Page {
            messages: messages.collect(),
            ends,
            is_full,
        })
    }

    /// The place of the last entry.
    pub fn last(&self) -> Option<Id> {
        self.ends.map(|(_, last)| last)
    }
}

async fn answer<T>(asking: impl Future<Output = RedisResult<T>>) -> anyhow::Result<T> {
    let answer = timeout(ANSWER_WITHIN, asking).await;
    let answer = answer.map_err(|_| anyhow!("Redis did not answer in time"))?;
    answer.context("the history cannot be read")
}
