//! A cheap client, and no [bot]: counts the messages that come, in their sequence, and answers pings. It shares the
//! machine with the servers that are measured, so it must cost far less than they do.
//!
//! What `client` is to the load tool, this is to the benchmark and to the checks that publish straight into Redis.
//! There is one publisher, so each reader knows which sequence number comes next.

use std::{
    io::ErrorKind,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering::Relaxed},
    },
    time::Instant,
};

use anyhow::{Context, bail};
use bot::Session;
use hdrhistogram::Histogram;
use parking_lot::Mutex;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    task::JoinSet,
};

use crate::{
    latency::{Latency, histogram},
    raw_frames::{self, Frames, Texts, opcode},
};

/// Bytes read at once. One buffer for all readers of a thread, because each uses it only between two waits.
const BUFFER: usize = 256 * 1024;

/// Readers that are connected, and what they have counted.
pub struct Readers {
    shared: Arc<Shared>,
    readers: Vec<Arc<Reader>>,
    /// Dropping this ends the readers.
    tasks: JoinSet<()>,
}

struct Shared {
    epoch: Instant,
    texts: Texts,
    latency: Mutex<Histogram<u64>>,
}

#[derive(Default)]
struct Reader {
    /// The sequence number that comes next.
    next: AtomicU64,
    /// Numbers that were passed over.
    skipped: AtomicU64,
    /// Messages that came again, or late.
    repeated: AtomicU64,
    /// Bytes that came, of whatever kind.
    bytes: AtomicU64,
    closed: AtomicBool,
}

/// What all readers have counted together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// Messages that came as the next in their sequence.
    pub delivered: u64,
    /// Messages that never came.
    pub lost: u64,
    /// Messages that came again, or after a later one.
    pub repeated: u64,
    /// Readers whose socket was closed by the server.
    pub closed: usize,
}

impl Readers {
    /// None yet. Messages are those whose text begins with `run`; the number behind it is the sequence, from 0, and
    /// the next the time in microseconds since `epoch`.
    ///
    /// # Errors
    /// When there is no memory for the latencies.
    pub fn of(run: &str, epoch: Instant) -> anyhow::Result<Readers> {
        let shared = Shared {
            epoch,
            texts: Texts::of(run),
            latency: Mutex::new(histogram()?),
        };
        Ok(Readers {
            shared: Arc::new(shared),
            readers: Vec::new(),
            tasks: JoinSet::new(),
        })
    }

    /// Opens a socket for each session, one after the other. To be done before anything is published.
    ///
    /// # Errors
    /// When one is refused.
    pub async fn open(&mut self, sessions: &[Session]) -> anyhow::Result<()> {
        for session in sessions {
            let (stream, head) = open(session).await?;
            let reader = Arc::<Reader>::default();
            self.readers.push(Arc::clone(&reader));
            let shared = Arc::clone(&self.shared);
            self.tasks.spawn(read(stream, head, shared, reader));
        }
        Ok(())
    }

    /// The sequence number that the slowest open reader waits for; none if all are closed.
    #[must_use]
    pub fn slowest(&self) -> Option<u64> {
        let readers = self.readers.iter();
        let open = readers.filter(|reader| !reader.closed.load(Relaxed));
        open.map(|reader| reader.next.load(Relaxed)).min()
    }

    /// What came until now, when `published` messages were published.
    #[must_use]
    pub fn count(&self, published: u64) -> Count {
        let mut count = Count::default();
        for reader in &self.readers {
            let (next, skipped) = (reader.next.load(Relaxed), reader.skipped.load(Relaxed));
            count.delivered += next - skipped;
            count.lost += published.saturating_sub(next) + skipped;
            count.repeated += reader.repeated.load(Relaxed);
            count.closed += usize::from(reader.closed.load(Relaxed));
        }
        count
    }

    /// Bytes that have come to the first `readers` of those that were opened.
    #[must_use]
    pub fn bytes_of_first(&self, readers: usize) -> u64 {
        let first = self.readers.iter().take(readers);
        first.map(|reader| reader.bytes.load(Relaxed)).sum()
    }

    /// Latencies since the last call, of the newest message of each frame.
    #[must_use]
    pub fn take_latency(&self) -> Latency {
        let mut histogram = self.shared.latency.lock();
        let latency = Latency::of(&histogram);
        histogram.reset();
        latency
    }

    /// Closes all sockets, and waits until they are.
    pub async fn close(mut self) {
        self.tasks.shutdown().await;
    }
}

/// Shakes hands by hand, and gives what came behind the server's answer.
async fn open(session: &Session) -> anyhow::Result<(TcpStream, Vec<u8>)> {
    let mut stream = TcpStream::connect(session.target.address)
        .await
        .with_context(|| format!("cannot connect to {}", session.target.address))?;
    stream.set_nodelay(true)?;
    let request = format!(
        "GET /ws HTTP/1.1\r\nHost: {}\r\nCookie: {}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
        session.target.host, session.cookie
    );
    stream.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    let end = loop {
        if let Some(at) = memchr::memmem::find(&answer, b"\r\n\r\n") {
            break at + 4;
        }
        if stream.read_buf(&mut answer).await? == 0 {
            break answer.len();
        }
    };
    if !answer.starts_with(b"HTTP/1.1 101 ") {
        bail!(
            "no socket at {}: {}",
            session.target.host,
            String::from_utf8_lossy(&answer)
        );
    }
    Ok((stream, answer.split_off(end)))
}

async fn read(mut stream: TcpStream, head: Vec<u8>, shared: Arc<Shared>, reader: Arc<Reader>) {
    thread_local! {
        static SPACE: std::cell::RefCell<Vec<u8>> = std::cell::RefCell::new(vec![0; BUFFER]);
    }
    let mut frames = Frames::default();
    let mut answers = Vec::new();
    let mut open = shared.take(&reader, &mut frames, &head, &mut answers);
    while open && stream.readable().await.is_ok() {
        open = SPACE.with_borrow_mut(|space| {
            match stream.try_read(space) {
                // The end of the stream.
                Ok(0) => false,
                Ok(length) => shared.take(&reader, &mut frames, &space[..length], &mut answers),
                Err(error) => error.kind() == ErrorKind::WouldBlock,
            }
        });
        if !answers.is_empty() {
            open &= stream.write_all(&answers).await.is_ok();
            answers.clear();
        }
    }
    reader.closed.store(true, Relaxed);
}

impl Shared {
    /// Takes what was read. False when the server has said goodbye.
    fn take(
        &self,
        reader: &Reader,
        frames: &mut Frames,
        bytes: &[u8],
        answers: &mut Vec<u8>,
    ) -> bool {
        let mut open = true;
        reader.bytes.fetch_add(bytes.len() as u64, Relaxed);
        frames.feed(bytes, |opcode, payload| match opcode {
            opcode::TEXT => self.count(reader, payload),
            opcode::PING => answers.extend(raw_frames::control(opcode::PONG, payload)),
            opcode::CLOSE => open = false,
            _ => {}
        });
        open
    }

    fn count(&self, reader: &Reader, payload: &[u8]) {
        let mut next = reader.next.load(Relaxed);
        let mut newest = None;
        self.texts.find(payload, |sequence, time| {
            if sequence < next {
                reader.repeated.fetch_add(1, Relaxed);
                return;
            }
            if sequence > next {
                reader.skipped.fetch_add(sequence - next, Relaxed);
            }
            next = sequence + 1;
            newest = Some(time);
        });
        reader.next.store(next, Relaxed);
        if let Some(time) = newest {
            let now = u64::try_from(self.epoch.elapsed().as_micros()).unwrap_or(u64::MAX);
            let mut latency = self.latency.lock();
            latency.saturating_record(now.saturating_sub(time).max(1));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(sequences: &[u64], published: u64) -> Count {
        let mut readers = Readers::of("run", Instant::now()).unwrap();
        readers.readers.push(Arc::default());
        for sequence in sequences {
            let payload = format!(r#"{{"text":"run {sequence} 0 "}}"#);
            let reader = &readers.readers[0];
            readers.shared.count(reader, payload.as_bytes());
        }
        readers.count(published)
    }

    #[test]
    fn what_is_lost_or_comes_again_is_found() {
        let count = |delivered, lost, repeated| Count {
            delivered,
            lost,
            repeated,
            closed: 0,
        };
        assert_eq!(counted(&[0, 1, 2], 3), count(3, 0, 0));
        assert_eq!(counted(&[0, 2], 3), count(2, 1, 0));
        assert_eq!(counted(&[0, 1], 3), count(2, 1, 0));
        assert_eq!(counted(&[0, 1, 1, 2], 3), count(3, 0, 1));
        // Out of order is lost and then repeated: it came when nobody waited for it any more.
        assert_eq!(counted(&[0, 2, 1], 3), count(2, 1, 1));
    }
}
