//! One player's socket: what it hears, and what it answers.

use std::{borrow::Cow, sync::Arc};

use axum::extract::ws::{Message, Utf8Bytes, WebSocket};
use protocol::{ClientFrame, CloseReason, ServerFrame};
use sockets::{Connection, Incoming, Never, Next, Permit, Pipeline, SocketError};
use tracing::{debug, info};

use crate::{
    app::App,
    chat::{by_session::Place, join::join, publish::publish_frame, visitor::Visitor},
    session::player::Player,
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
        answers: Pipeline::default(),
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
    // What was said is said, though nobody waits for an answer any more.
    socket.answers.finish().await;
}

struct ChatSocket {
    connection: Connection,
    app: Arc<App>,
    visitor: Visitor,
    /// The answers to what the player said, which come when Redis has answered.
    answers: Pipeline<Message>,
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
            match self.connection.next(&mut self.answers).await? {
                Next::Done(answers) => self.connection.send(answers).await?,
                Next::Said(Incoming::Text(text)) => self.hear(text).await?,
                Next::Said(Incoming::Binary(_)) => {
                    self.refuse_frame(
                        None,
                        "this was a binary frame; it must be a text frame with JSON",
                    )
                    .await?;
                }
            }
        }
    }

    async fn hear(&mut self, text: Utf8Bytes) -> Result<(), SocketError> {
        match ClientFrame::parse(&text) {
            Ok(ClientFrame::Send { reference, text }) => {
                // What it needs is its own, since the next frame is read meanwhile.
                let (app, player) = (Arc::clone(&self.app), self.visitor.player.clone());
                let (reference, text) = (reference.into_owned(), text.into_owned());
                let answer = async move { say(&app, &player, &reference, &text).await };
                self.answers.begin(answer);
                Ok(())
            }
            Ok(ClientFrame::Ping {}) => self.send(&ServerFrame::Pong).await,
            Err(bad) => {
                let reference = bad.reference.as_deref();
                self.refuse_frame(reference, &bad.to_string()).await
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

    async fn send(&mut self, frame: &ServerFrame<'_>) -> Result<(), SocketError> {
        self.connection.send([Message::text(frame.to_json())]).await
    }
}

/// Publishes what a player said, and gives the frame that tells the client what became of it.
async fn say(app: &App, player: &Player, reference: &str, text: &str) -> Message {
    let published = publish_frame(app, player, reference, text).await;
    let reference = Cow::Borrowed(reference);
    let answer = match &published {
        Ok(id) => ServerFrame::Sent { reference, id: *id },
        Err(error) => ServerFrame::Error {
            reference: Some(reference),
            code: error.code().into(),
            error: error.message().into(),
            retry_after: error.wait(),
        },
    };
    Message::text(answer.to_json())
}
