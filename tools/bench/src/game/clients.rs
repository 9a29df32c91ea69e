//! Players: each reads what it is sent, and presses something again and again.

use std::{
    net::SocketAddr,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use anyhow::{Context, ensure};
use bot::socket::{Socket, Upgrade, connect, upgrade};
use futures_util::{SinkExt, StreamExt};
use tokio::{
    select,
    task::JoinSet,
    time::{Instant, interval_at},
};
use tokio_tungstenite::tungstenite::Message;

/// Players of a match.
pub const SEATS: usize = 8;

/// From one snapshot to the next.
const TICK: Duration = Duration::from_millis(50);

/// How one of them gets in.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The path of the socket.
    pub path: String,
    /// What is said first, if anything has to be.
    pub first: Option<String>,
}

/// All players of one server. They leave with this value.
pub struct Clients {
    tasks: JoinSet<anyhow::Result<()>>,
    seen: Arc<Seen>,
    /// From one input of a player to the next.
    pause: Duration,
}

/// What they have seen.
#[derive(Default)]
struct Seen {
    snapshots: AtomicU64,
    playing: AtomicU64,
    /// How late a snapshot came, for one player of each match: in microseconds after the earliest that it could have come.
    late: Mutex<Vec<Vec<Instant>>>,
}

impl Clients {
    /// Nobody yet, of those who send so many inputs a second.
    #[must_use]
    pub fn new(inputs: u32) -> Clients {
        Clients {
            tasks: JoinSet::new(),
            seen: Arc::default(),
            pause: Duration::from_secs(1) / inputs,
        }
    }

    /// Lets some more in, one after another, so that each eight are in one match.
    ///
    /// # Errors
    /// When one is refused.
    pub async fn enter(&mut self, address: SocketAddr, entries: Vec<Entry>) -> anyhow::Result<()> {
        for entry in entries {
            let number = self.tasks.len();
            let stream = connect(address, None).await?;
            let request = Upgrade {
                host: "webserver.localhost",
                path: &entry.path,
                cookie: "",
            };
            let mut socket = upgrade(stream, request).await?;
            if let Some(first) = entry.first {
                socket.send(Message::text(first)).await?;
            }
            self.tasks
                .spawn(play(socket, number, Arc::clone(&self.seen), self.pause));
        }
        Ok(())
    }

    /// Waits until each is shown a match.
    ///
    /// # Errors
    /// When that takes too long, or one of them was sent away.
    pub async fn all_play(&mut self) -> anyhow::Result<()> {
        let deadline = Instant::now() + Duration::from_secs(30);
        let all = self.tasks.len() as u64;
        while self.seen.playing.load(Ordering::Relaxed) < all {
            let playing = self.seen.playing.load(Ordering::Relaxed);
            ensure!(Instant::now() < deadline, "only {playing} of {all} play");
            self.rest(TICK).await?;
        }
        Ok(())
    }

    /// Lets them play for so long.
    ///
    /// # Errors
    /// When one of them was sent away.
    pub async fn rest(&mut self, time: Duration) -> anyhow::Result<()> {
        select! {
            () = tokio::time::sleep(time) => Ok(()),
            Some(ended) = self.tasks.join_next() => {
                ended.context("a player has failed")??;
                anyhow::bail!("a player was sent away");
            }
        }
    }

    /// How many snapshots have come so far.
    #[must_use]
    pub fn snapshots(&self) -> u64 {
        self.seen.snapshots.load(Ordering::Relaxed)
    }

    /// How late snapshots came since the last call, at this percentile, in milliseconds: against a clock that begins with the earliest.
    #[must_use]
    pub fn lateness(&self, percentile: f64) -> f64 {
        let mut matches = self
            .seen
            .late
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let mut late: Vec<f64> = std::mem::take(&mut *matches)
            .iter()
            .flat_map(|times| lateness_of(times))
            .collect();
        late.sort_by(f64::total_cmp);
        let index = (late.len() as f64 * percentile / 100.0) as usize;
        late.get(index).or(late.last()).copied().unwrap_or(0.0)
    }
}

/// By how many milliseconds each was later than a clock of twenty ticks a second that none of them is before.
fn lateness_of(times: &[Instant]) -> Vec<f64> {
    let Some(first) = times.first() else {
        return Vec::new();
    };
    let tick = TICK.as_secs_f64();
    let since = times
        .iter()
        .map(|time| time.duration_since(*first).as_secs_f64());
    // One that is left out must not make all that follow late: what counts is where in its tick a snapshot came.
    let phases: Vec<f64> = since
        .map(|since| (since + tick / 2.0).rem_euclid(tick) - tick / 2.0)
        .collect();
    let earliest = phases.iter().copied().fold(f64::INFINITY, f64::min);
    phases
        .iter()
        .map(|phase| (phase - earliest) * 1e3)
        .collect()
}

async fn play(
    mut socket: Socket,
    number: usize,
    seen: Arc<Seen>,
    pause: Duration,
) -> anyhow::Result<()> {
    // Each has a phase of its own.
    let begin = Instant::now() + pause.mul_f64(number as f64 * 0.618 % 1.0);
    let mut inputs = interval_at(begin, pause);
    let mut sequence = 0_u16;
    let mut tick = 0;
    let mut is_playing = false;
    let (watched, index) = (number.is_multiple_of(SEATS), number / SEATS);
    loop {
        select! {
            message = socket.next() => match message.context("the socket has ended")?? {
                Message::Binary(bytes) => {
                    seen.snapshots.fetch_add(1, Ordering::Relaxed);
                    tick = u16::from_le_bytes([bytes[3], bytes[4]]);
                    if !is_playing {
                        is_playing = true;
                        seen.playing.fetch_add(1, Ordering::Relaxed);
                    }
                    if watched {
                        let mut late = seen.late.lock().unwrap_or_else(PoisonError::into_inner);
                        let matches = late.len().max(index + 1);
                        late.resize_with(matches, Vec::new);
                        late[index].push(Instant::now());
                    }
                }
                Message::Close(_) => return Ok(()),
                _ => {}
            },
            _ = inputs.tick(), if is_playing => {
                sequence = sequence.wrapping_add(1);
                let direction = (usize::from(sequence) * 7 + number) % 32;
                let hold = !sequence.is_multiple_of(3);
                socket.send(Message::binary(input(direction as u8, hold, sequence, tick))).await?;
            }
        }
    }
}

/// The eight bytes of an input, as `crates/protocol/src/game/input.rs` has them.
fn input(direction: u8, hold: bool, sequence: u16, seen: u16) -> Vec<u8> {
    let [sequence, seen] = [sequence, seen].map(u16::to_le_bytes);
    [&[1, direction, u8::from(hold), 0][..], &sequence, &seen].concat()
}
