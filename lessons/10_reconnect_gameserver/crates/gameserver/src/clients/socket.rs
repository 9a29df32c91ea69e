//! One client's socket: what it hears, and what it answers.

use std::{convert::Infallible, sync::Arc, time::Duration};

use axum::extract::ws::{Message, WebSocket};
use protocol::{
    CloseReason,
    game::{ClientFrame, InputFrame, ResumeToken, ServerFrame},
};
use sockets::{Connection, Incoming, Never, Next, Permit, Pipeline, SocketError};
use tokio::time::timeout;
use tracing::{debug, info};

use super::{
    admission::{admit, resume},
    place::Place,
};
use crate::{app::App, seats::listener::Listener};

/// Frames that make no sense before a client is sent away.
const MAX_BAD_FRAMES: u32 = 5;

/// How long a client may take to say what brings it in.
const ENTER_WITHIN: Duration = Duration::from_secs(5);

/// Serves a socket until it ends.
pub async fn serve(socket: WebSocket, app: Arc<App>, permit: Permit) {
    let mut client = Client {
        connection: Connection::new(socket, permit),
        app,
        work: Pipeline::default(),
        bad_frames: 0,
    };
    let Err(error) = client.run().await;
    match error {
        SocketError::Gone => debug!(end = %"Gone", "a socket was closed"),
        SocketError::Evicted(end) => {
            if end.is_because_of_the_client() {
                info!(?end, "a socket was closed because of its client");
            } else {
                debug!(?end, "a socket was closed");
            }
            client.connection.close(end).await;
        }
    }
}

/// What brings a client in.
enum Entry {
    /// A web server has led it here.
    Ticket(String),
    /// It was here before: in which match, on which seat, and what proves that.
    Token(String, u8, ResumeToken),
}

struct Client {
    connection: Connection,
    app: Arc<App>,
    /// Nothing that a client says has to be waited for.
    work: Pipeline<Infallible>,
    bad_frames: u32,
}

impl Client {
    async fn run(&mut self) -> Result<Never, SocketError> {
        let entry = timeout(ENTER_WITHIN, self.entry()).await;
        let entry = entry.map_err(|_| CloseReason::Silent)??;
        let place = self.enter(entry).await?;
        loop {
            match self.next().await? {
                Incoming::Binary(bytes) => self.hear_input(&place, &bytes).await?,
                Incoming::Text(text) => match ClientFrame::parse(&text) {
                    Ok(ClientFrame::Ping { at }) => self.send(&ServerFrame::Pong { at }).await?,
                    Ok(ClientFrame::Enter { .. } | ClientFrame::Resume { .. }) => {
                        self.refuse_frame("you have entered already; whoever wants another place must open another socket").await?;
                    }
                    Err(bad) => self.refuse_frame(&bad.to_string()).await?,
                },
            }
        }
    }

    /// The client's ticket or token, which it must show first. Until then it may ask for pongs.
    async fn entry(&mut self) -> Result<Entry, SocketError> {
        loop {
            match self.next().await? {
                Incoming::Text(text) => match ClientFrame::parse(&text) {
                    Ok(ClientFrame::Enter { ticket }) => return Ok(Entry::Ticket(ticket)),
                    Ok(ClientFrame::Resume {
                        match_id,
                        seat,
                        token,
                    }) => return Ok(Entry::Token(match_id, seat, token)),
                    Ok(ClientFrame::Ping { at }) => self.send(&ServerFrame::Pong { at }).await?,
                    Err(bad) => self.refuse_frame(&bad.to_string()).await?,
                },
                Incoming::Binary(_) => {
                    self.refuse_frame(r#"nobody has entered here yet; the first frame must be {"type":"enter","ticket":"…"}, or one of type "resume""#).await?;
                }
            }
        }
    }

    /// Takes a place, where the client is welcomed.
    async fn enter(&mut self, entry: Entry) -> Result<Place, SocketError> {
        let outbound = Arc::clone(self.connection.outbound());
        let listener: Arc<dyn Listener> = outbound;
        let app = &self.app;
        let admission = async {
            Ok(match entry {
                Entry::Ticket(ticket) => admit(app, &ticket, &listener).await,
                Entry::Token(id, seat, token) => resume(app, (&id, seat), token, &listener),
            })
        };
        let place = match self.connection.open(admission).await? {
            Ok(place) => place,
            Err(refusal) => {
                debug!(code = refusal.code, "a ticket or a token was not accepted");
                self.send(&refusal.to_frame()).await?;
                return Err(CloseReason::TicketRefused.into());
            }
        };
        // The welcome waits already, and what goes on in the match behind it.
        self.connection.send([]).await?;
        Ok(place)
    }

    async fn hear_input(&mut self, place: &Place, bytes: &[u8]) -> Result<(), SocketError> {
        match InputFrame::decode(bytes) {
            Ok(input) if place.hear(&input) => Ok(()),
            Ok(_) => {
                self.refuse_frame("you only watch; inputs must come from a player")
                    .await
            }
            Err(bad) => self.refuse_frame(&bad.to_string()).await,
        }
    }

    async fn refuse_frame(&mut self, error: &str) -> Result<(), SocketError> {
        self.app.rooms.counters.frames_bad.add(1);
        self.bad_frames += 1;
        if self.bad_frames > MAX_BAD_FRAMES {
            return Err(CloseReason::TooManyBadFrames.into());
        }
        self.send(&ServerFrame::Error {
            code: "bad_frame".into(),
            error: error.into(),
            retry_after: None,
        })
        .await
    }

    async fn send(&mut self, frame: &ServerFrame<'_>) -> Result<(), SocketError> {
        self.connection.send([Message::text(frame.to_json())]).await
    }

    async fn next(&mut self) -> Result<Incoming, SocketError> {
        loop {
            if let Next::Said(said) = self.connection.next(&mut self.work).await? {
                return Ok(said);
            }
        }
    }
}
