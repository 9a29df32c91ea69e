//! A player's WebSocket.

use std::{
    collections::VecDeque,
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use anyhow::{Context, anyhow, bail, ensure};
use bot::{ConnectError, socket::Upgrade};
use futures_util::{SinkExt, StreamExt};
use reqwest::RequestBuilder;
use serde_json::{Value, json};
use tokio::{
    net::TcpStream,
    time::{Instant, timeout, timeout_at},
};
use tokio_tungstenite::tungstenite::Message;

use crate::{
    here::Here,
    player::{HOST, Player},
};

/// How long something that must come may take. It comes in milliseconds; this is for a machine that is busy.
const PATIENCE: Duration = Duration::from_secs(20);

/// References given so far. No two sockets use the same, because a player may have two of them.
static REFERENCES: AtomicU64 = AtomicU64::new(0);

/// An open WebSocket, and what came over it and was not asked for yet.
#[derive(Debug)]
pub struct Socket {
    stream: bot::Socket,
    /// Messages, in the order in which they were told.
    messages: VecDeque<Value>,
    /// Who is here.
    here: Here,
    /// All other frames.
    frames: VecDeque<Value>,
    /// The code with which the other side has closed it.
    closed: Option<u16>,
}

/// The request that turns a connection into a WebSocket, to be changed and sent by a test that expects a refusal.
pub fn upgrade(player: &Player, address: &str) -> RequestBuilder {
    player
        .get(address, "/ws")
        .header("connection", "Upgrade")
        .header("upgrade", "websocket")
        .header("sec-websocket-version", "13")
        .header("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==")
}

impl Socket {
    /// Opens a player's WebSocket at `address`: a replica's, or Traefik's.
    ///
    /// # Errors
    /// When it is refused, with the status.
    pub async fn open(player: &Player, address: &str) -> anyhow::Result<Socket> {
        Socket::open_at(player, address, "/ws").await
    }

    /// The same with another path, such as one with a query.
    ///
    /// # Errors
    /// When it is refused, with the status.
    pub async fn open_at(player: &Player, address: &str, path: &str) -> anyhow::Result<Socket> {
        let connection = bot::socket::connect(address.parse()?, None).await?;
        Socket::open_over(connection, player, path).await
    }

    /// The same over a connection that is there already.
    ///
    /// # Errors
    /// When it is refused, with the status.
    pub async fn open_over(
        connection: TcpStream,
        player: &Player,
        path: &str,
    ) -> anyhow::Result<Socket> {
        let request = Upgrade {
            host: HOST,
            path,
            cookie: player.cookie(),
        };
        let opening = timeout(PATIENCE, bot::socket::upgrade(connection, request)).await;
        let stream = match opening.context("the opening of a WebSocket got no answer")? {
            Ok(stream) => stream,
            Err(ConnectError::Refused { status, .. }) => bail!("{path} answered {status}"),
            Err(error) => return Err(error.into()),
        };
        Ok(Socket {
            stream,
            messages: VecDeque::new(),
            here: Here::default(),
            frames: VecDeque::new(),
            closed: None,
        })
    }

    /// Says something, and gives the reference under which an answer will come.
    ///
    /// # Errors
    /// When the connection is lost.
    pub async fn send(&mut self, text: &str) -> anyhow::Result<String> {
        let number = REFERENCES.fetch_add(1, Ordering::Relaxed);
        let reference = format!("c{number}");
        self.send_as(&reference, text).await?;
        Ok(reference)
    }

    /// Says something under this reference.
    ///
    /// # Errors
    /// When the connection is lost.
    pub async fn send_as(&mut self, reference: &str, text: &str) -> anyhow::Result<()> {
        let frame = json!({ "type": "send", "ref": reference, "text": text });
        self.send_raw(Message::text(frame.to_string())).await
    }

    /// Sends any frame.
    ///
    /// # Errors
    /// When the connection is lost.
    pub async fn send_raw(&mut self, frame: Message) -> anyhow::Result<()> {
        Ok(self.stream.send(frame).await?)
    }

    /// Says something, and gives its id when it is acknowledged.
    ///
    /// # Errors
    /// When it is refused.
    pub async fn say(&mut self, text: &str) -> anyhow::Result<String> {
        let reference = self.send(text).await?;
        let answer = self.answer(&reference).await?;
        let id = answer["id"].as_str();
        Ok(id.with_context(|| format!("refused: {answer}"))?.to_owned())
    }

    /// What became of what was sent under this reference: a frame `sent` or `error`.
    ///
    /// # Errors
    /// When none comes in time.
    pub async fn answer(&mut self, reference: &str) -> anyhow::Result<Value> {
        self.find(|frame| frame["ref"] == reference).await
    }

    /// The next frame of a type. It must not be `messages`; those are given by [`Self::message`].
    ///
    /// # Errors
    /// When none comes in time.
    pub async fn frame(&mut self, kind: &str) -> anyhow::Result<Value> {
        self.find(|frame| frame["type"] == kind).await
    }

    /// The first frame that fits.
    ///
    /// # Errors
    /// When none comes in time.
    pub async fn find(&mut self, fits: impl Fn(&Value) -> bool) -> anyhow::Result<Value> {
        let found = self.until(|socket| {
            let place = socket.frames.iter().position(&fits)?;
            socket.frames.remove(place)
        });
        found.await.context("a frame that was waited for")
    }

    /// Waits until the players who are here are called so, and gives how many that are by the server's word.
    ///
    /// # Errors
    /// When that is not told in time, with what was told last.
    pub async fn sees(&mut self, names: &[&str]) -> anyhow::Result<u64> {
        let found = self.until(|socket| {
            let Here { count, .. } = socket.here;
            (socket.here.names() == names).then_some(count)
        });
        let found = found.await;
        found.with_context(|| format!("{names:?} are to be here, and were told {:?}", self.here))
    }

    /// Who is here, as it was told so far.
    #[must_use]
    pub fn here(&self) -> &Here {
        &self.here
    }

    /// The next message, whoever said it.
    ///
    /// # Errors
    /// When none comes in time.
    pub async fn message(&mut self) -> anyhow::Result<Value> {
        let next = self.until(|socket| socket.messages.pop_front());
        next.await.context("a message that was waited for")
    }

    /// The messages of the next frame that tells any, when all that came before it were taken.
    ///
    /// # Errors
    /// When none comes in time.
    pub async fn messages_in_a_frame(&mut self) -> anyhow::Result<Vec<Value>> {
        ensure!(
            self.messages.is_empty(),
            "{:?} were not taken",
            self.messages
        );
        // One frame is taken in at a time.
        let told = self.until(|socket| {
            let frame: Vec<Value> = socket.messages.drain(..).collect();
            (!frame.is_empty()).then_some(frame)
        });
        told.await.context("a frame with messages")
    }

    /// How many messages have come, and were not taken.
    #[must_use]
    pub fn waiting_messages(&self) -> usize {
        self.messages.len()
    }

    /// The messages from the next one to the first with this text.
    ///
    /// # Errors
    /// When it does not come in time.
    pub async fn messages_up_to(&mut self, text: &str) -> anyhow::Result<Vec<Value>> {
        let mut messages = Vec::new();
        loop {
            let next = self.message().await;
            let next = next.with_context(|| format!("{text:?} was not told"))?;
            let is_last = next["text"] == text;
            messages.push(next);
            if is_last {
                return Ok(messages);
            }
        }
    }

    /// Waits until the other side closes it, and gives the code.
    ///
    /// # Errors
    /// When it does not in time, or the connection is lost without a word.
    pub async fn closed(&mut self) -> anyhow::Result<u16> {
        let code = self.until(|socket| socket.closed).await?;
        // The library answers the close while it is read further, and the other side waits for that.
        while let Some(Ok(_)) = self.stream.next().await {}
        Ok(code)
    }

    async fn until<T>(
        &mut self,
        mut look: impl FnMut(&mut Socket) -> Option<T>,
    ) -> anyhow::Result<T> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(found) = look(self) {
                return Ok(found);
            }
            let read = timeout_at(deadline, self.read()).await;
            read.map_err(|_| anyhow!("nothing such came within {PATIENCE:?}"))??;
        }
    }

    /// Takes in one frame.
    async fn read(&mut self) -> anyhow::Result<()> {
        if let Some(code) = self.closed {
            bail!("the socket was closed with {code}");
        }
        match self.stream.next().await {
            Some(Ok(Message::Text(text))) => self.sort(serde_json::from_str(&text)?),
            Some(Ok(Message::Close(frame))) => {
                let frame = frame.context("the socket was closed without a code")?;
                self.closed = Some(frame.code.into());
                Ok(())
            }
            Some(Ok(Message::Binary(_))) => bail!("a binary frame came"),
            // The library has answered a ping already.
            Some(Ok(_)) => Ok(()),
            Some(Err(error)) => Err(error).context("the connection is lost"),
            None => bail!("the connection has ended without a word"),
        }
    }

    fn sort(&mut self, mut frame: Value) -> anyhow::Result<()> {
        if self.here.take(&frame) {
            return Ok(());
        }
        if frame["type"] != "messages" {
            self.frames.push_back(frame);
            return Ok(());
        }
        let Value::Array(messages) = frame["messages"].take() else {
            bail!("no list of messages: {frame}");
        };
        self.messages.extend(messages);
        Ok(())
    }
}
