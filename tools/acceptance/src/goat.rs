//! Somebody on a game server, as tests see it: each wait ends.

use std::{net::SocketAddr, time::Duration};

use anyhow::{Context, anyhow, bail, ensure};
use bot::{
    Lobby, Ticketed,
    game::{Event, GameClient},
};
use game::{Goat as State, Input, snapshot::Snapshot};
use matches::Directory;
use protocol::game::ClientFrame;
use serde_json::Value;
use stack::Stack;
use tokio::time::{Instant, sleep, timeout_at};
use tokio_tungstenite::tungstenite::Message;

use crate::player::HOST;

/// How long something that must come may take. It comes in milliseconds; this is for a machine that is busy, and for a whole match.
const PATIENCE: Duration = Duration::from_secs(100);

/// How long somebody goes on asking for a seat, and how often. One browser may ask five times a second.
const PERSISTS: Duration = Duration::from_secs(20);
const ASKS_EVERY: Duration = Duration::from_millis(250);

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

/// Somebody who has logged in.
///
/// # Errors
/// When the login is refused.
pub async fn lobby(stack: &Stack, name: &str) -> anyhow::Result<Lobby> {
    Ok(Lobby::log_in(&stack.address(), HOST, name).await?)
}

/// The directory of this system, past the servers.
///
/// # Errors
/// When the system has none.
pub fn directory(stack: &Stack) -> anyhow::Result<Directory> {
    let redis = stack.server("matches")?;
    let password = redis.password()?.to_owned().into();
    Directory::connect(&format!("redis://{}", redis.address()), Some(&password))
}

/// What `GET /game/` says through Traefik: with one game server, what that one says.
///
/// # Errors
/// When no game server answers.
pub async fn status(stack: &Stack) -> anyhow::Result<Value> {
    let answer = stack.get(HOST, "/game/").await?.error_for_status()?;
    Ok(answer.json().await?)
}

/// The only match that is there.
///
/// # Errors
/// When there is none, or another one.
pub async fn the_match(stack: &Stack) -> anyhow::Result<Value> {
    let status = status(stack).await?;
    let matches = status["matches"].as_array().context("no matches")?;
    match &matches[..] {
        [only] => Ok(only.clone()),
        _ => bail!("there is not one match: {status}"),
    }
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
    /// Somebody who has opened a socket to the only game server through Traefik, and has said nothing yet.
    ///
    /// # Errors
    /// When it is refused.
    pub async fn open(stack: &Stack) -> anyhow::Result<Goat> {
        let status = status(stack).await?;
        let server = status["server"].as_str().context("it has no name")?;
        Goat::open_at(stack, &format!("/game/{server}/ws")).await
    }

    /// Somebody who has opened a socket at this path through Traefik, and has said nothing yet.
    ///
    /// # Errors
    /// When it is refused.
    pub async fn open_at(stack: &Stack, path: &str) -> anyhow::Result<Goat> {
        let client = GameClient::open(address(stack)?, HOST, path, None).await?;
        Ok(Goat::of(client))
    }

    /// Somebody who has entered with a ticket.
    ///
    /// # Errors
    /// When that is refused, and why.
    pub async fn enter(stack: &Stack, ticket: &Ticketed) -> anyhow::Result<Goat> {
        let client = GameClient::enter(address(stack)?, HOST, ticket).await?;
        Ok(Goat::of(client))
    }

    /// Somebody who was here before and comes back on another socket, with what [`Goat::way_back`] has given.
    ///
    /// # Errors
    /// When that is refused, and why.
    pub async fn resume(stack: &Stack, path: &str, way_back: &ClientFrame) -> anyhow::Result<Goat> {
        let mut goat = Goat::open_at(stack, path).await?;
        goat.client.say(way_back).await?;
        goat.client.welcome().await?;
        Ok(goat)
    }

    /// Somebody who has logged in, asked for a seat, and entered.
    ///
    /// # Errors
    /// When one of these is refused, and why.
    pub async fn play(stack: &Stack, name: &str) -> anyhow::Result<Goat> {
        let ticket = lobby(stack, name).await?.play(None).await?;
        Goat::enter(stack, &ticket).await
    }

    /// Somebody who asks for a seat and enters, and does both again as long as one of them fails, as a page does.
    ///
    /// # Errors
    /// When they still fail after twenty seconds.
    pub async fn persist(stack: &Stack, lobby: &Lobby) -> anyhow::Result<Goat> {
        let deadline = Instant::now() + PERSISTS;
        loop {
            let entered = async {
                let ticket = lobby.play(None).await?;
                Goat::enter(stack, &ticket).await
            };
            match entered.await {
                Err(_) if Instant::now() < deadline => sleep(ASKS_EVERY).await,
                done => return done,
            }
        }
    }

    /// Somebody who has logged in, and watches as soon as there is something to watch: the directory hears of who plays within half a second.
    ///
    /// # Errors
    /// When that is still refused after twenty seconds.
    pub async fn watch(stack: &Stack, name: &str) -> anyhow::Result<Goat> {
        let lobby = lobby(stack, name).await?;
        let deadline = Instant::now() + PERSISTS;
        loop {
            let entered = async {
                let ticket = lobby.watch().await?;
                Goat::enter(stack, &ticket).await
            };
            match entered.await {
                Err(_) if Instant::now() < deadline => sleep(ASKS_EVERY).await,
                done => return done,
            }
        }
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

    /// What brings it back to its seat.
    ///
    /// # Errors
    /// When it has no seat.
    pub fn way_back(&self) -> anyhow::Result<ClientFrame> {
        self.client.way_back().context("it has no seat")
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
