//! One player's socket: what it hears, and what it answers.

use std::{borrow::Cow, sync::Arc};

use axum::extract::ws::{Message, WebSocket};
use protocol::{ClientFrame, CloseReason, ServerFrame};
use sockets::{Connection, Incoming, Never, Permit, SocketError};
use tracing::{debug, info};

use crate::{
    app::App,
    chat::{by_session::Place, join::join, publish::publish_frame, visitor::Visitor},
};

/// Frames that make no sense before a client is sent away.
const MAX_BAD_FRAMES: u32 = 5;

/// Serves a socket until it ends.
pub async fn serve(
    socket: WebSocket,
    app: Arc<App>,
    visitor: Visitor,
    permit: Permit,
    place: Place,
) {
    let _here = app.chat.messages.presence().enter(&visitor.player.who());
    let mut socket = ChatSocket {
        connection: Connection::new(socket, permit),
        app,
        visitor,
        bad_frames: 0,
    };
    place.opened(socket.connection.outbound());
    let Err(error) = socket.run().await;
    match error {
        SocketError::Gone => debug!(end = %"Gone", "a socket was closed"),
        SocketError::Evicted(end) => {
            if end.is_because_of_the_client() {
                info!(?end, "a socket was closed because of its client");
            } else {
                debug!(?end, "a socket was closed");
            }
            socket.connection.close(end).await;
        }
    }
}

struct ChatSocket {
    connection: Connection,
    app: Arc<App>,
    visitor: Visitor,
    bad_frames: u32,
}

impl ChatSocket {
    async fn run(&mut self) -> Result<Never, SocketError> {
        // On the heap, and so for this moment only: a part of this task, its room would be kept for as long as the socket.
        let joining = Box::pin(join(&self.app, &self.connection, &self.visitor));
        let _member = self.connection.open(joining).await?;
        // What was said meanwhile.
        self.connection.send([]).await?;
        loop {
            match self.connection.next().await? {
                Incoming::Text(text) => match ClientFrame::parse(&text) {
                    Ok(ClientFrame::Send { reference, text }) => {
                        self.say(&reference, &text).await?
                    }
                    Ok(ClientFrame::Ping {}) => self.send(&ServerFrame::Pong).await?,
                    Err(bad) => {
                        self.refuse_frame(bad.reference.as_deref(), &bad.to_string())
                            .await?
                    }
                },
                Incoming::Binary(_) => {
                    self.refuse_frame(
                        None,
                        "this was a binary frame; text frames with JSON are accepted",
                    )
                    .await?;
                }
            }
        }
    }

    /// Publishes what the player said, and tells the client what became of it.
    async fn say(&mut self, reference: &str, text: &str) -> Result<(), SocketError> {
        let published = publish_frame(&self.app, &self.visitor.player, reference, text).await;
        let reference = Cow::Borrowed(reference);
        match published {
            Ok(id) => self.send(&ServerFrame::Sent { reference, id }).await,
            Err(error) => {
                let frame = ServerFrame::Error {
                    reference: Some(reference),
                    code: error.code().into(),
                    error: error.message().into(),
                    retry_after: error.wait(),
                };
                self.send(&frame).await
            }
        }
    }

    async fn refuse_frame(
        &mut self,
        reference: Option<&str>,
        error: &str,
    ) -> Result<(), SocketError> {
        self.bad_frames += 1;
        if self.bad_frames > MAX_BAD_FRAMES {
            return Err(CloseReason::TooManyBadFrames.into());
        }
        let frame = ServerFrame::Error {
            reference: reference.map(Cow::Borrowed),
            code: "bad_frame".into(),
            error: error.into(),
            retry_after: None,
        };
        self.send(&frame).await
    }

    async fn send(&self, frame: &ServerFrame<'_>) -> Result<(), SocketError> {
        self.connection.send([Message::text(frame.to_json())]).await
    }
}
