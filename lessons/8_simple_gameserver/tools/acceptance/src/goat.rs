//! Somebody on a game server, as tests see it: each wait ends.

use std::{net::SocketAddr, time::Duration};

use anyhow::{Context, anyhow, bail, ensure};
use bot::game::{Event, GameClient};
use game::{Goat as State, Input, snapshot::Snapshot};
use protocol::game::Role;
use serde_json::Value;
use stack::Stack;
use tokio::time::{Instant, timeout_at};
use tokio_tungstenite::tungstenite::Message;

use crate::player::HOST;

/// How long something that must come may take. It comes in milliseconds; this is for a machine that is busy, and for a whole match.
const PATIENCE: Duration = Duration::from_secs(100);

/// A client of a game server, and what it was told.
#[derive(Debug)]
pub struct Goat {
    client: GameClient,
    /// All text frames that were not asked for yet.
    frames: Vec<Value>,
    /// The last snapshot.
    pub latest: Option<Snapshot>,
    /// How many have come.
    pub snapshots: usize,
}

/// The address of the system's Traefik.
///
/// # Errors
/// When it has none.
pub fn address(stack: &Stack) -> anyhow::Result<SocketAddr> {
    Ok(stack.address().parse()?)
}

/// What `GET /game/` says through Traefik.
///
/// # Errors
/// When no game server answers.
pub async fn status(stack: &Stack) -> anyhow::Result<Value> {
    let answer = stack.get(HOST, "/game/").await?.error_for_status()?;
    Ok(answer.json().await?)
}

/// How often something has happened, by `GET /game/`.
///
/// # Errors
/// When there is no counter of this name.
pub async fn counter(stack: &Stack, name: &str) -> anyhow::Result<u64> {
    let status = status(stack).await?;
    let count = status["counters"][name].as_u64();
    count.with_context(|| format!("no {name} in {status}"))
}

impl Goat {
    /// Somebody who has opened a socket through Traefik, and has said nothing yet.
    ///
    /// # Errors
    /// When it is refused.
    pub async fn open(stack: &Stack) -> anyhow::Result<Goat> {
        let client = GameClient::open(address(stack)?, HOST, None).await?;
        Ok(Goat::of(client))
    }

    /// Somebody who has entered.
    ///
    /// # Errors
    /// When that is refused, and why.
    pub async fn enter(stack: &Stack, role: Role) -> anyhow::Result<Goat> {
        let client = GameClient::enter(address(stack)?, HOST, role).await?;
        Ok(Goat::of(client))
    }

    fn of(client: GameClient) -> Goat {
        Goat {
            client,
            frames: Vec::new(),
            latest: None,
            snapshots: 0,
        }
    }

    /// The client itself.
    pub fn client(&mut self) -> &mut GameClient {
        &mut self.client
    }

    /// The number of its seat.
    ///
    /// # Errors
    /// When it has none.
    pub fn seat(&self) -> anyhow::Result<usize> {
        self.client.seat().context("it has no seat")
    }

    /// Does something, and gives the number of this input.
    ///
    /// # Errors
    /// When the connection is lost.
    pub async fn act(&mut self, input: Input) -> anyhow::Result<u16> {
        Ok(self.client.act(input).await?)
    }

    /// Sends any frame.
    ///
    /// # Errors
    /// When the connection is lost.
    pub async fn send(&mut self, frame: Message) -> anyhow::Result<()> {
        Ok(self.client.send(frame).await?)
    }

    /// The next text frame of this kind. Those that came before it stay.
    ///
    /// # Errors
    /// When none comes in time.
    pub async fn frame(&mut self, kind: &str) -> anyhow::Result<Value> {
        let found = self.until(|goat, _| {
            let place = goat.frames.iter().position(|frame| frame["type"] == kind)?;
            Some(goat.frames.remove(place))
        });
        found.await.with_context(|| format!("a frame {kind:?}"))
    }

    /// The next snapshot.
    ///
    /// # Errors
    /// When none comes in time.
    pub async fn snapshot(&mut self) -> anyhow::Result<Snapshot> {
        let before = self.snapshots;
        let next = self.until(|goat, _| {
            let latest = goat.latest.as_ref();
            latest.filter(|_| goat.snapshots > before).cloned()
        });
        next.await.context("a snapshot")
    }

    /// Its own goat in the next snapshot.
    ///
    /// # Errors
    /// When none comes in time.
    pub async fn own(&mut self) -> anyhow::Result<State> {
        let seat = self.seat()?;
        Ok(self.snapshot().await?.state.goats[seat])
    }

    /// Waits until the server closes the socket, and gives the code.
    ///
    /// # Errors
    /// When it does not in time, or the connection is lost without a word.
    pub async fn closed(&mut self) -> anyhow::Result<u16> {
        let closed = self.until(|_, closed| closed).await;
        closed.context("the end of the socket")
    }

    /// Reads until `look` finds something. It is also given the code with which the server has closed the socket.
    async fn until<T>(
        &mut self,
        mut look: impl FnMut(&mut Goat, Option<u16>) -> Option<T>,
    ) -> anyhow::Result<T> {
        let deadline = Instant::now() + PATIENCE;
        let mut closed = None;
        loop {
            if let Some(found) = look(self, closed) {
                return Ok(found);
            }
            ensure!(closed.is_none(), "the socket was closed with {closed:?}");
            let event = timeout_at(deadline, self.client.event()).await;
            match event.map_err(|_| anyhow!("nothing such came within {PATIENCE:?}"))?? {
                Event::Told(frame) => self.frames.push(frame),
                Event::Snapshot(snapshot) => {
                    self.latest = Some(snapshot);
                    self.snapshots += 1;
                }
                Event::Closed(None) => bail!("the socket was closed without a code"),
                Event::Closed(code) => closed = code,
            }
        }
    }
}
