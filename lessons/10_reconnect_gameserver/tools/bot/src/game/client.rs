//! One socket to a game server.

use std::net::SocketAddr;

use futures_util::{SinkExt, StreamExt};
use game::{
    Input,
    snapshot::{self, Snapshot, SnapshotError},
};
use protocol::{
    game::{ClientFrame, InputFrame, ParseFrameError, ResumeToken, ServerFrame},
    serial::ahead,
};
use serde_json::Value;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::{self, Message};

use crate::{
    lobby::Ticketed,
    socket::{ConnectError, Socket, Upgrade, connect, upgrade},
};

/// A socket to a game server.
#[derive(Debug)]
pub struct GameClient {
    socket: Socket,
    /// The close code, once the server has said that there is nothing more to come.
    last_word: Option<Option<u16>>,
    seat: Option<u8>,
    match_id: String,
    token: Option<ResumeToken>,
    /// The least number that the next input can have.
    pub next_sequence: u16,
    /// The lower bits of the tick that was seen last.
    pub seen: u16,
}

/// What a game server says.
#[derive(Clone, Debug)]
pub enum Event {
    /// Text, which is a frame of the protocol.
    Told(Value),
    /// Where everybody is.
    Snapshot(Snapshot),
    /// Its last word, with the close code if there was one.
    Closed(Option<u16>),
}

/// Why a game can't go on.
#[derive(Debug, thiserror::Error)]
pub enum GameError {
    /// There is no socket.
    #[error(transparent)]
    Connect(#[from] ConnectError),
    /// The connection is lost.
    #[error("the connection is lost: {0}")]
    Lost(#[from] Box<tungstenite::Error>),
    /// The server has closed the socket.
    #[error("the game server has closed the socket with {0:?}")]
    Closed(Option<u16>),
    /// The server has refused something.
    #[error("{code}: {error}")]
    Refused {
        /// Why, as one word.
        code: String,
        /// Why, in a sentence.
        error: String,
    },
    /// What the server told is no frame.
    #[error("the game server told {text}: {reason}")]
    Frame {
        /// What it was.
        text: String,
        /// What is wrong with it.
        reason: ParseFrameError,
    },
    /// A seat was expected, and this client has none.
    #[error("the game server has given no seat")]
    NoSeat,
    /// What the server showed is no snapshot.
    #[error(transparent)]
    Snapshot(#[from] SnapshotError),
}

impl GameClient {
    /// Opens a socket at `path` of `address`, as a page of `host` does. Nothing is said yet. `receive_buffer` is what the kernel may keep
    /// for a client that does not read, in bytes; if it is none, the kernel decides.
    ///
    /// # Errors
    /// When nobody listens there, or the server refuses.
    pub async fn open(
        address: SocketAddr,
        host: &str,
        path: &str,
        receive_buffer: Option<u32>,
    ) -> Result<GameClient, GameError> {
        GameClient::over(connect(address, receive_buffer).await?, host, path).await
    }

    /// The same over a connection that is there already.
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn over(
        connection: TcpStream,
        host: &str,
        path: &str,
    ) -> Result<GameClient, GameError> {
        let request = Upgrade {
            host,
            path,
            cookie: "",
        };
        Ok(GameClient {
            socket: upgrade(connection, request).await?,
            last_word: None,
            seat: None,
            match_id: String::new(),
            token: None,
            next_sequence: 0,
            seen: 0,
        })
    }

    /// Opens a socket where a ticket is for, shows the ticket, and waits until it is welcome.
    ///
    /// # Errors
    /// When it is not, and why.
    pub async fn enter(
        address: SocketAddr,
        host: &str,
        ticket: &Ticketed,
    ) -> Result<GameClient, GameError> {
        let mut client = GameClient::open(address, host, &ticket.path, None).await?;
        client.show(&ticket.ticket).await?;
        client.welcome().await?;
        Ok(client)
    }

    /// Waits until it is welcome, and gives the welcome.
    ///
    /// # Errors
    /// When it is not, and why.
    pub async fn welcome(&mut self) -> Result<Value, GameError> {
        match self.event().await? {
            Event::Told(frame) if frame["type"] == "welcome" => Ok(frame),
            Event::Told(frame) => {
                let text = |key: &str| frame[key].as_str().unwrap_or_default().to_owned();
                Err(GameError::Refused {
                    code: text("code"),
                    error: text("error"),
                })
            }
            Event::Closed(code) => Err(GameError::Closed(code)),
            // Nothing is shown before the welcome.
            Event::Snapshot(_) => Err(SnapshotError::NoSnapshot.into()),
        }
    }

    /// Its seat; none if it has only watched so far, or has not entered.
    #[must_use]
    pub fn seat(&self) -> Option<usize> {
        self.seat.map(usize::from)
    }

    /// What it says on another socket to get its seat back; none if it has no seat.
    #[must_use]
    pub fn way_back(&self) -> Option<ClientFrame> {
        Some(ClientFrame::Resume {
            match_id: self.match_id.clone(),
            seat: self.seat?,
            token: self.token?,
        })
    }

    /// The match that it has entered; empty before.
    #[must_use]
    pub fn match_id(&self) -> &str {
        &self.match_id
    }

    /// Shows a ticket, and does not wait for the answer.
    ///
    /// # Errors
    /// When the connection is lost.
    pub async fn show(&mut self, ticket: &str) -> Result<(), GameError> {
        let ticket = ticket.to_owned();
        self.say(&ClientFrame::Enter { ticket }).await
    }

    /// Says something as text.
    ///
    /// # Errors
    /// When the connection is lost.
    pub async fn say(&mut self, frame: &ClientFrame) -> Result<(), GameError> {
        self.send(Message::text(frame.to_json())).await
    }

    /// Does something in the next tick that is still to come, and gives the number of this input, which is that tick.
    ///
    /// # Errors
    /// When the connection is lost.
    pub async fn act(&mut self, input: Input) -> Result<u16, GameError> {
        let due = self.seen.wrapping_add(1);
        // There is one input for each tick, so a second one is for the tick after.
        let is_taken = ahead(due, self.next_sequence) > 0;
        let sequence = if is_taken { self.next_sequence } else { due };
        self.next_sequence = sequence.wrapping_add(1);
        self.act_as(sequence, input).await?;
        Ok(sequence)
    }

    /// Does something under this number.
    ///
    /// # Errors
    /// When the connection is lost.
    pub async fn act_as(&mut self, sequence: u16, input: Input) -> Result<(), GameError> {
        let frame = InputFrame {
            direction: input.direction.map(|direction| direction.number()),
            hold: input.hold,
            sequence,
            seen: self.seen,
        };
        self.send(Message::binary(frame.encode().to_vec())).await
    }

    /// Sends any frame.
    ///
    /// # Errors
    /// When the connection is lost.
    pub async fn send(&mut self, frame: Message) -> Result<(), GameError> {
        let sent = self.socket.send(frame).await;
        sent.map_err(|error| Box::new(error).into())
    }

    /// The next that the server says. Nothing is lost if this is dropped before it is done.
    ///
    /// # Errors
    /// When the connection is lost without a word, or what was said is not of the protocol.
    pub async fn event(&mut self) -> Result<Event, GameError> {
        loop {
            if let Some(code) = self.last_word {
                // The library answers the close while it is read further, and the other side waits for that.
                while let Some(Ok(_)) = self.socket.next().await {}
                return Ok(Event::Closed(code));
            }
            let message = self.socket.next().await;
            let message = message.unwrap_or(Err(tungstenite::Error::ConnectionClosed));
            match message.map_err(Box::new)? {
                Message::Text(text) => return self.told(&text).map(Event::Told),
                Message::Binary(bytes) => {
                    let snapshot = snapshot::decode(&bytes)?;
                    self.seen = snapshot.state.tick as u16;
                    return Ok(Event::Snapshot(snapshot));
                }
                Message::Close(frame) => {
                    self.last_word = Some(frame.map(|frame| frame.code.into()));
                }
                // The library has answered a ping already.
                Message::Ping(_) | Message::Pong(_) | Message::Frame(_) => {}
            }
        }
    }

    fn told(&mut self, text: &str) -> Result<Value, GameError> {
        let is_none = |reason| GameError::Frame {
            text: text.to_owned(),
            reason,
        };
        let frame = ServerFrame::parse(text).map_err(is_none)?;
        if let ServerFrame::Welcome {
            seat,
            match_id,
            resume,
            ..
        } = frame
        {
            self.seat = seat;
            self.match_id = match_id.into_owned();
            self.token = resume;
        }
        // What can be read as a frame is JSON.
        Ok(serde_json::from_str(text).unwrap_or_default())
    }
}
