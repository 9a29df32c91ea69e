//! One socket, from its first frame to its last.

use std::{convert::Infallible, pin::pin, sync::Arc, time::Duration};

use axum::{
    body::Bytes,
    extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket},
};
use futures_util::future::poll_immediate;
use protocol::{CloseReason, limits::MAX_FRAME};
use tokio::time::{Interval, MissedTickBehavior, interval, sleep, timeout};

use crate::{
    breach::reason,
    connections::Permit,
    outbound::{Outbound, SocketError},
    pipeline::Pipeline,
};

/// How long a write may take before the other side counts as not reading.
///
/// Without it a write to such a client would wait for ever, and the socket with it: it would neither see that it has
/// fallen behind nor be told to close.
const WRITE_WITHIN: Duration = Duration::from_secs(5);

/// How often a client is asked for a sign of life. One that has given none when it is asked for the third time is gone: a
/// phone that lost its network says no goodbye.
const PING_EVERY: Duration = Duration::from_secs(20);

/// Pings that a client may leave unanswered.
const MAX_UNANSWERED: u32 = 2;

/// How long a client may take to answer a close.
const CLOSE_WITHIN: Duration = Duration::from_secs(1);

/// How long a client that broke the protocol is given to hear why. Its answer cannot be waited for, since what it sends
/// cannot be read any more.
const LAST_WORDS: Duration = Duration::from_millis(250);

/// A socket never ends well: it ends when there is a reason.
pub type Never = Infallible;

/// What a client says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Incoming {
    /// A text of at most [`MAX_FRAME`] bytes.
    Text(Utf8Bytes),
    /// Bytes.
    Binary(Bytes),
}

/// What happens next on a socket.
#[derive(Debug)]
pub enum Next<T> {
    /// The client says something.
    Said(Incoming),
    /// This came of what it said before.
    Done(Vec<T>),
}

/// A socket that a task serves.
#[derive(Debug)]
pub struct Connection {
    outbound: Arc<Outbound>,
    permit: Permit,
    pings: Option<Interval>,
    /// Pings since the last sign of life.
    unanswered: u32,
    /// What the client sends can be read.
    is_readable: bool,
}

impl Connection {
    /// A socket that nothing was written to yet.
    #[must_use]
    pub fn new(socket: WebSocket, permit: Permit) -> Connection {
        Connection {
            outbound: Arc::new(Outbound::new(socket)),
            permit,
            pings: None,
            unanswered: 0,
            is_readable: true,
        }
    }

    /// What is written to it, for others who have something to write.
    #[must_use]
    pub fn outbound(&self) -> &Arc<Outbound> {
        &self.outbound
    }

    /// Does what a socket begins with, unless all have to close meanwhile.
    ///
    /// # Errors
    /// Those of `opening`, and [`CloseReason::Restart`].
    pub async fn open<T>(
        &self,
        opening: impl Future<Output = Result<T, SocketError>>,
    ) -> Result<T, SocketError> {
        tokio::select! {
            () = self.permit.closing() => Err(CloseReason::Restart.into()),
            opened = opening => opened,
        }
    }

    /// The next that the client says, or what has come of that which it said before. Meanwhile it is written what has queued up,
    /// and asked for signs of life. As long as `work` is full, the client is not listened to. When all have to close, it is not either,
    /// but what has been begun is done before.
    ///
    /// # Errors
    /// When the socket ends, and why.
    pub async fn next<T>(&mut self, work: &mut Pipeline<T>) -> Result<Next<T>, SocketError> {
        let Connection {
            outbound,
            permit,
            pings,
            unanswered,
            is_readable,
        } = self;
        let mut closing = pin!(permit.closing());
        let pings = pings.get_or_insert_with(pings_from_now);
        let listens = !work.is_full() && !permit.is_closing();
        loop {
            tokio::select! {
                // In this order: what the client says is heard even while there is always something to tell it.
                biased;
                () = &mut closing, if work.is_idle() => return Err(CloseReason::Restart.into()),
                done = work.done() => return Ok(Next::Done(done)),
                received = outbound.receive(), if listens => {
                    let message = received.ok_or(SocketError::Gone)?.map_err(|error| {
                        *is_readable = false;
                        reason(error)
                    })?;
                    permit.frames.take()?;
                    *unanswered = 0;
                    match message {
                        Message::Text(text) if text.len() > MAX_FRAME => {
                            return Err(CloseReason::TooLarge.into());
                        }
                        Message::Text(text) => return Ok(Next::Said(Incoming::Text(text))),
                        Message::Binary(bytes) => return Ok(Next::Said(Incoming::Binary(bytes))),
                        // The library has answered a ping already.
                        Message::Ping(_) | Message::Pong(_) => {}
                        Message::Close(_) => {
                            // The library answers this, too, but only while it is read on.
                            let _ = timeout(CLOSE_WITHIN, outbound.receive()).await;
                            return Err(SocketError::Gone);
                        }
                    }
                }
                () = outbound.backlogged() => in_time(outbound.send([])).await?,
                _ = pings.tick() => {
                    if *unanswered == MAX_UNANSWERED {
                        return Err(CloseReason::Silent.into());
                    }
                    *unanswered += 1;
                    in_time(outbound.send([Message::Ping(Bytes::new())])).await?;
                }
            }
        }
    }

    /// Writes these frames, and whatever the client is behind.
    ///
    /// # Errors
    /// When the socket cannot be used any more, or the client takes nothing for five seconds.
    pub async fn send(&self, frames: impl IntoIterator<Item = Message>) -> Result<(), SocketError> {
        in_time(self.outbound.send(frames)).await
    }

    /// Writes these frames before all that has queued up, which stays there.
    ///
    /// # Errors
    /// As for [`send`](Self::send).
    pub async fn send_first(
        &self,
        frames: impl IntoIterator<Item = Message>,
    ) -> Result<(), SocketError> {
        in_time(self.outbound.send_first(frames)).await
    }

    /// Says why, and gives the client a moment to hear it. A connection that is dropped while something unread has
    /// arrived on it is reset, and the client may never see the last words.
    pub async fn close(self, reason: CloseReason) {
        let frame = CloseFrame {
            code: reason.code(),
            reason: reason.text().into(),
        };
        let _ = timeout(CLOSE_WITHIN, self.outbound.close(frame)).await;
        if !self.is_readable {
            sleep(LAST_WORDS).await;
        }
    }
}

fn pings_from_now() -> Interval {
    let mut pings = interval(PING_EVERY);
    pings.set_missed_tick_behavior(MissedTickBehavior::Delay);
    // Else the first tick would come at once, and a client that has just come has given its sign.
    pings.reset();
    pings
}

/// Bounds a write. Nearly every one is done at once, and then no timer is started for it.
async fn in_time(
    writing: impl Future<Output = Result<(), SocketError>>,
) -> Result<(), SocketError> {
    let mut writing = pin!(writing);
    match poll_immediate(&mut writing).await {
        Some(written) => written,
        None => timeout(WRITE_WITHIN, writing)
            .await
            .unwrap_or(Err(CloseReason::TooSlow.into())),
    }
}
