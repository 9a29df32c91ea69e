//! Publishes messages as a replica does, straight into the Redis that all replicas listen to.

use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use jiff::Timestamp;
use redis::aio::MultiplexedConnection;
use tokio::time::{MissedTickBehavior, interval, sleep};

use crate::{
    message::{Form, Post},
    reader::Readers,
};

/// Where replicas publish and listen.
pub const CHANNEL: &str = "goatscale:messages";

/// The time from one look to the next.
const TICK: Duration = Duration::from_millis(1);

/// How long the readers may get nothing new before a run is given up.
const STALLED: Duration = Duration::from_secs(20);

/// The one publisher of a run.
pub struct Publisher {
    connection: MultiplexedConnection,
    form: Form,
    run: String,
    epoch: Instant,
    /// The same moment by the clock.
    began_at: Timestamp,
    padding: String,
    published: u64,
    bytes: u64,
}

/// How fast to publish, and how long.
#[derive(Clone, Copy, Debug)]
pub struct Flow {
    /// Messages a second at most; none for as many as the window lets through.
    pub rate: Option<f64>,
    /// Messages that the slowest reader may be behind. The publisher waits for it, so that nobody is dropped.
    pub window: u64,
    /// How long, or less if `messages` are published before.
    pub time: Duration,
    /// How many at most.
    pub messages: u64,
}

impl Publisher {
    /// Connects to a Redis. The messages have this form, and `padding` stands at the end of each text.
    ///
    /// # Errors
    /// When it does not answer.
    pub async fn connect(url: &str, form: Form, padding: &str) -> anyhow::Result<Publisher> {
        let client = redis::Client::open(url).context("not the URL of a Redis")?;
        let connection = client
            .get_multiplexed_async_connection()
            .await
            .context("cannot connect to Redis")?;
        Ok(Publisher {
            connection,
            form,
            run: format!("run-{}", uuid::Uuid::now_v7().simple()),
            epoch: Instant::now(),
            began_at: Timestamp::now(),
            padding: padding.to_owned(),
            published: 0,
            bytes: 0,
        })
    }

    /// What the texts begin with, and the time that theirs are counted from. For [`Readers::open`].
    #[must_use]
    pub fn run(&self) -> (&str, Instant) {
        (&self.run, self.epoch)
    }

    /// Messages published until now.
    #[must_use]
    pub fn published(&self) -> u64 {
        self.published
    }

    /// Bytes of the next message, as JSON. Those after it differ by a few digits.
    #[must_use]
    pub fn message_length(&self) -> usize {
        self.message(self.published).len()
    }

    /// Bytes of these messages, as JSON.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Waits until this many replicas listen.
    ///
    /// # Errors
    /// When that is not so within 30 seconds.
    pub async fn wait_for_listeners(&mut self, listeners: usize) -> anyhow::Result<()> {
        let deadline = Instant::now() + Duration::from_secs(30);
        loop {
            let (_, listening): (String, usize) = redis::cmd("PUBSUB")
                .arg("NUMSUB")
                .arg(CHANNEL)
                .query_async(&mut self.connection)
                .await
                .context("Redis does not say who listens")?;
            if listening >= listeners {
                return Ok(());
            }
            if Instant::now() > deadline {
                bail!("{listening} of {listeners} replicas listen to Redis after 30 s");
            }
            sleep(Duration::from_millis(20)).await;
        }
    }

    /// Publishes as `flow` says, and then waits until every open reader has had everything.
    ///
    /// # Errors
    /// When Redis fails, no reader is left, or nothing moves for 20 seconds.
    pub async fn publish(&mut self, readers: &Readers, flow: Flow) -> anyhow::Result<()> {
        let begun = Instant::now();
        let first = self.published;
        let mut ticks = interval(TICK);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
        let mut progress = (first, begun);
        loop {
            ticks.tick().await;
            let slowest = readers.slowest().context("the server closed all sockets")?;
            if slowest > progress.0 {
                progress = (slowest, Instant::now());
            } else if slowest < self.published && progress.1.elapsed() > STALLED {
                bail!(
                    "nothing was delivered for {STALLED:?}; {slowest} of {} messages came",
                    self.published
                );
            }
            let elapsed = begun.elapsed();
            let over = elapsed >= flow.time || self.published - first >= flow.messages;
            if over && slowest >= self.published {
                return Ok(());
            }
            if over {
                continue;
            }
            let paced = flow.rate.map_or(u64::MAX, |rate| {
                first + (elapsed.as_secs_f64() * rate) as u64 + 1
            });
            let due = paced
                .min(slowest + flow.window)
                .min(first.saturating_add(flow.messages));
            self.publish_until(due).await?;
        }
    }

    async fn publish_until(&mut self, due: u64) -> anyhow::Result<()> {
        if due <= self.published {
            return Ok(());
        }
        let mut pipe = redis::pipe();
        while self.published < due {
            let message = self.message(self.published);
            self.bytes += message.len() as u64;
            self.published += 1;
            pipe.publish(CHANNEL, message).ignore();
        }
        pipe.query_async(&mut self.connection)
            .await
            .context("Redis takes no message")
    }

    fn message(&self, sequence: u64) -> String {
        self.form.message(&Post {
            run: &self.run,
            sequence,
            began_at: self.began_at,
            elapsed: self.epoch.elapsed(),
            padding: &self.padding,
        })
    }
}
