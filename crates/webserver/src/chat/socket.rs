//! One player's socket, from its first frame to its last.

use std::{borrow::Cow, pin::pin, sync::Arc, time::Duration};

use axum::extract::ws::{CloseFrame, Message, WebSocket};
use futures_util::future::poll_immediate;
use protocol::Id; // lesson 7
use protocol::{ClientFrame, ServerFrame, limits::MAX_FRAME};
use tokio::time::{MissedTickBehavior, interval, timeout};
use tracing::{debug, info};

use crate::{
    app::App,
    chat::{
        line::{Broken, Line},
        publish::publish_frame,
        sockets::Place,
    },
    session::player::Player,
};

/// How long a write may take before the other side counts as not reading.
///
/// Without it a write to such a client would wait for ever, and the socket with it: it would neither see that it has
/// fallen behind nor be told to close.
const WRITE_WITHIN: Duration = Duration::from_secs(5);

/// How often a client is asked for a sign of life. One that has given none when it is asked for the third time is gone: a
/// phone that lost its network says no goodbye.
const PING_EVERY: Duration = Duration::from_secs(20);

/// Frames that make no sense before a client is sent away.
const MAX_BAD_FRAMES: u32 = 5;

/// How long a client may take to answer a close.
const CLOSE_WITHIN: Duration = Duration::from_secs(1);

/// Why a socket ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// The client has closed it, or its connection is lost.
    Gone,
    /// This replica stops.
    Restart,
    /// The client reads more slowly than others talk.
    TooSlow,
    /// The client gives no sign of life.
    Silent,
    /// The client sent a frame that is too large.
    TooLarge,
    /// The client sent too much that makes no sense.
    TooManyBadFrames,

    // lesson 7
    /// This replica missed messages itself.
    Hole,
    /// What the client missed cannot be read now.
    NoHistory,
}

impl End {
    /// The close code, and the reason in words. Codes from 4000 on are an application's own.
    fn code(self) -> Option<(u16, &'static str)> {
        match self {
            End::Gone => None,
            End::Restart => Some((1012, "this replica restarts; connect again")),
            End::Hole => Some((4003, "this replica missed messages; connect again")), // lesson 7
            End::NoHistory => Some((1013, "the history cannot be read now")),         // lesson 7
            End::TooSlow => Some((4001, "this socket reads too slowly")),
            End::Silent => Some((4002, "no sign of life")),
            End::TooLarge => Some((1009, "a frame of up to 16384 bytes is accepted")),
            End::TooManyBadFrames => Some((1008, "too many frames that make no sense")),
        }
    }
}

/// Serves a socket until it ends.
pub async fn serve(
    socket: WebSocket,
    app: Arc<App>,
    player: Player,
    place: Place,
    after: Option<Id>, // lesson 7
) {
    let _here = app.chat.messages.presence().enter(player.name.as_str());
    let mut connection = Connection {
        line: Arc::new(Line::new(socket)),
        app,
        player,
        after, // lesson 7
        bad_frames: 0,
        unanswered: 0,
    };
    let end = match connection.run(&place).await {
        Ok(never) => match never {},
        Err(end) => end,
    };
    match end {
        End::Gone | End::Restart => debug!(?end, "a socket was closed"),
        End::Hole | End::NoHistory => debug!(?end, "a socket was closed"), // lesson 7
        _ => info!(?end, "a socket was closed because of its client"),
    }
    connection.close(end).await;
}

pub struct Connection {
    pub line: Arc<Line>,
    pub app: Arc<App>,
    player: Player,
    bad_frames: u32,
    /// Pings since the last sign of life.
    unanswered: u32,

    // lesson 7
    /// Up to where the client has been told before, elsewhere.
    pub after: Option<Id>,
}

/// This socket never ends well: it ends when there is a reason.
type Never = std::convert::Infallible;

impl Connection {
    async fn run(&mut self, place: &Place) -> Result<Never, End> {
        let welcome = ServerFrame::Welcome {
            replica: self.app.replica.id.to_string().into(),
            name: self.player.name.as_str().into(),
        };
        let welcome = Message::Text(welcome.to_json().into());
        let present = Message::Text(self.app.chat.hub.present());
        // let _member = self.app.chat.hub.join(self.line.clone()); // lesson 6 only
        // self.write([welcome, present]).await?; // lesson 6 only

        let mut closing = pin!(place.closing.cancelled());

        // lesson 7
        // On the heap, and so for this moment only: a part of this task, its room would be kept for as long as the socket.
        let catching_up = Box::pin(self.catch_up([welcome, present]));
        let _member = tokio::select! {
            () = &mut closing => return Err(End::Restart),
            caught_up = catching_up => caught_up?,
        };
        self.write([]).await?;

        let mut pings = interval(PING_EVERY);
        pings.set_missed_tick_behavior(MissedTickBehavior::Delay);
        // The first tick comes at once, and a client that has just come has given its sign.
        pings.tick().await;
        loop {
            tokio::select! {
                // In this order: what the client says is heard even while there is always something to tell it.
                biased;
                () = &mut closing => return Err(End::Restart),
                heard = self.line.hear() => self.hear(heard).await?,
                () = self.line.is_behind() => self.write([]).await?,
                _ = pings.tick() => self.ping().await?,
            }
        }
    }

    async fn hear(&mut self, heard: Option<Result<Message, axum::Error>>) -> Result<(), End> {
        let message = heard.ok_or(End::Gone)?.map_err(|_| End::Gone)?;
        self.unanswered = 0;
        match message {
            Message::Text(text) if text.len() > MAX_FRAME => Err(End::TooLarge),
            Message::Text(text) => match ClientFrame::parse(&text) {
                Ok(frame) => self.say(&frame).await,
                Err(told) => self.refuse_frame(&told.to_string()).await,
            },
            Message::Binary(_) => {
                self.refuse_frame("this was a binary frame; text frames with JSON are accepted")
                    .await
            }
            // The library has answered a ping already.
            Message::Ping(_) | Message::Pong(_) => Ok(()),
            Message::Close(_) => Err(End::Gone),
        }
    }

    /// Publishes what the player said, and tells the client what became of it.
    async fn say(&mut self, frame: &ClientFrame<'_>) -> Result<(), End> {
        let ClientFrame::Send { reference, .. } = frame;
        let published = publish_frame(&self.app, &self.player, frame).await;
        let frame = match published {
            Ok(id) => ServerFrame::Sent {
                reference: Cow::Borrowed(reference),
                id,
            }
            .to_json(),
            Err(error) => ServerFrame::Error {
                reference: Some(Cow::Borrowed(reference)),
                error: error.message().into(),
                retry_after: error.wait(),
            }
            .to_json(),
        };
        self.write([Message::text(frame)]).await
    }

    async fn refuse_frame(&mut self, told: &str) -> Result<(), End> {
        self.bad_frames += 1;
        if self.bad_frames > MAX_BAD_FRAMES {
            return Err(End::TooManyBadFrames);
        }
        let frame = ServerFrame::Error {
            reference: None,
            error: told.into(),
            retry_after: None,
        };
        self.write([Message::text(frame.to_json())]).await
    }

    async fn ping(&mut self) -> Result<(), End> {
        if self.unanswered == 2 {
            return Err(End::Silent);
        }
        self.unanswered += 1;
        self.write([Message::Ping(axum::body::Bytes::new())]).await
    }

    /// Writes these frames, and whatever the client is behind.
    async fn write<const N: usize>(&self, frames: [Message; N]) -> Result<(), End> {
        in_time(self.line.write(frames)).await
    }

    /// Says why, and gives the client a moment to hear it. A connection that is dropped while something unread has
    /// arrived on it is reset, and the client may never see the last words.
    async fn close(self, end: End) {
        let Some((code, reason)) = end.code() else {
            return;
        };
        let frame = CloseFrame {
            code,
            reason: reason.into(),
        };
        let _ = timeout(CLOSE_WITHIN, self.line.close(frame)).await;
    }
}

/// Bounds a write. Nearly every one is done at once, and then no timer is started for it.
pub async fn in_time(writing: impl Future<Output = Result<(), Broken>>) -> Result<(), End> {
    let mut writing = pin!(writing);
    let written = match poll_immediate(&mut writing).await {
        Some(written) => written,
        None => timeout(WRITE_WITHIN, writing)
            .await
            .unwrap_or(Err(Broken::TooSlow)),
    };
    written.map_err(|broken| match broken {
        Broken::Gone => End::Gone,
        Broken::TooSlow => End::TooSlow,
        Broken::Hole => End::Hole, // lesson 7
    })
}
