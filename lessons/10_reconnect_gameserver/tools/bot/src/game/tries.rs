//! Second sockets, which are tried beside one that says nothing.
//!
//! When packets get through again after a second without any, TCP notices late: it has doubled its waits meanwhile. A connection that is
//! opened just then has no such past.

use std::time::Duration;

use futures_util::future::pending;
use protocol::game::ClientFrame;
use rand::{RngExt, SeedableRng, rngs::StdRng};
use reqwest::StatusCode;
use serde_json::Value;
use tokio::{
    select,
    task::{AbortHandle, JoinSet},
    time::{Instant, sleep_until, timeout},
};

use super::{
    client::{GameClient, GameError},
    way::Way,
};
use crate::socket::ConnectError;

/// How often another socket is tried at first, and for how long. While the network is away nobody hears of that.
const EVERY: Duration = Duration::from_millis(100);
const OFTEN_FOR: Duration = Duration::from_secs(5);

/// The shortest pause when somebody has answered, who has no way for us: the network is there, and whoever is in need is not helped by haste.
const ANSWERED: Duration = Duration::from_millis(250);

/// After these each pause is longer than the one before, up to the longest.
const GROWTH: f64 = 1.5;
const LONGEST: Duration = Duration::from_secs(3);

/// How much longer or shorter a pause may be: those whose network went at the same moment must not come at the same moment.
const JITTER: f64 = 0.2;

/// How long a socket that is open may take until it is welcome.
const WELCOME_WITHIN: Duration = Duration::from_secs(2);

/// For so long nobody else asks for the seat once one has. When the network is back several sockets are open at once, and each that
/// asks takes the place of the one before.
const ALONE_FOR: Duration = Duration::from_millis(500);

/// Second sockets, and what comes of them.
///
/// One is tried at a time, and given up when the next is due: browsers let no more than one be on the way to the same address. But those
/// that are open and have asked for the seat wait for their answers.
#[derive(Debug)]
pub struct Tries {
    under_way: JoinSet<Tried>,
    /// The one that is not open yet.
    opening: Option<AbortHandle>,
    /// How many have asked for the seat.
    asking: usize,
    /// How many have asked for it, and were never answered. The server may have heard them.
    unanswered: usize,
    asked_at: Option<Instant>,
    pace: Pace,
    /// When the next one is tried; none while all is well.
    next_at: Option<Instant>,
}

/// What came of a try.
#[derive(Debug)]
pub enum Tried {
    /// A socket is open, and has said nothing.
    Opened(Box<GameClient>),
    /// A socket has the seat, and this is its welcome.
    Welcomed(Box<GameClient>, Value),
    /// The server has answered, and there is no way back.
    Refused(GameError),
    /// Nobody is there, or somebody who has no way for us.
    Failed,
    /// A socket has asked for the seat, and there was no answer.
    Unanswered,
}

impl Tries {
    /// None yet. The same seed gives the same pauses.
    #[must_use]
    pub fn new(seed: u64) -> Tries {
        Tries {
            under_way: JoinSet::new(),
            opening: None,
            asking: 0,
            unanswered: 0,
            asked_at: None,
            pace: Pace::new(seed),
            next_at: None,
        }
    }

    /// The connection is lost: the first one is tried now, or when a pause of before is over.
    pub fn begin(&mut self) {
        self.next_at = Some(self.pace.not_before.max(Instant::now()));
    }

    /// The connection is not lost after all.
    pub fn stop(&mut self) {
        self.next_at = None;
        self.opening = None;
        // Whatever is under way ends with this.
        self.under_way = JoinSet::new();
        self.unanswered += std::mem::take(&mut self.asking);
    }

    /// One was welcomed, so no other is begun, and the next loss begins with short pauses. Those that have asked for the seat go on: the
    /// server may take them for the newest.
    pub fn succeed(&mut self) {
        self.next_at = None;
        self.pace.begin_anew();
        self.give_up_opening();
    }

    /// Whether one has asked for the seat and waits for the answer.
    #[must_use]
    pub fn are_asking(&self) -> bool {
        self.asking > 0
    }

    /// Whether one of these may have taken the seat without our knowing it. That explains one socket that was replaced, and no other.
    pub fn explain_replaced(&mut self) -> bool {
        if self.asking > 0 {
            return true;
        }
        let explains = self.unanswered > 0;
        self.unanswered = self.unanswered.saturating_sub(1);
        explains
    }

    /// Has a socket ask for the seat, unless one has just now; then it is closed.
    pub fn ask(&mut self, client: Box<GameClient>, resume: ClientFrame) {
        let now = Instant::now();
        let has_one_just_now = self.asked_at.is_some_and(|at| now < at + ALONE_FOR);
        if self.asking == 0 || !has_one_just_now {
            self.asked_at = Some(now);
            self.asking += 1;
            self.under_way.spawn(ask(client, resume));
        }
    }

    /// What has come of the next of them. Others are begun meanwhile, each in its time. Nothing is lost if this is dropped before it is done.
    pub async fn next(&mut self, way: &Way) -> Tried {
        loop {
            let next_at = self.next_at;
            let its_time = async {
                match next_at {
                    Some(at) => sleep_until(at).await,
                    None => pending().await,
                }
            };
            select! {
                biased;
                Some(tried) = self.under_way.join_next() => {
                    // Else it was given up.
                    if let Ok(tried) = tried {
                        self.note(&tried);
                        return tried;
                    }
                }
                () = its_time => {
                    self.give_up_opening();
                    self.next_at = Some(self.pace.next());
                    self.opening = Some(self.under_way.spawn(open(way.clone())));
                }
            }
        }
    }

    fn give_up_opening(&mut self) {
        if let Some(opening) = self.opening.take() {
            opening.abort();
        }
    }

    fn note(&mut self, tried: &Tried) {
        match tried {
            // It is not to be given up any more.
            Tried::Opened(_) => self.opening = None,
            Tried::Welcomed(..) => self.asking = self.asking.saturating_sub(1),
            Tried::Unanswered => {
                self.asking = self.asking.saturating_sub(1);
                self.unanswered += 1;
            }
            Tried::Failed => {
                let later = self.pace.answered();
                self.next_at = self.next_at.map(|_| later);
            }
            Tried::Refused(_) => {}
        }
    }
}

/// Opens a socket.
async fn open(way: Way) -> Tried {
    match way.open().await {
        Ok(client) => Tried::Opened(Box::new(client)),
        Err(GameError::Connect(ConnectError::Refused { status, body }))
            if status == StatusCode::GONE =>
        {
            Tried::Refused(ConnectError::Refused { status, body }.into())
        }
        Err(_) => Tried::Failed,
    }
}

/// Asks for the seat over an open socket.
async fn ask(mut client: Box<GameClient>, resume: ClientFrame) -> Tried {
    let answer = async {
        client.say(&resume).await?;
        client.welcome().await
    };
    match timeout(WELCOME_WITHIN, answer).await {
        Ok(Ok(welcome)) => Tried::Welcomed(client, welcome),
        Ok(Err(refused @ GameError::Refused { .. })) => Tried::Refused(refused),
        Ok(Err(_)) | Err(_) => Tried::Unanswered,
    }
}

/// When the next socket is tried.
#[derive(Debug)]
struct Pace {
    random: StdRng,
    /// When the first one was tried since somebody was welcome.
    since: Option<Instant>,
    pause: Duration,
    not_before: Instant,
}

impl Pace {
    fn new(seed: u64) -> Pace {
        Pace {
            random: StdRng::seed_from_u64(seed),
            since: None,
            pause: EVERY,
            not_before: Instant::now(),
        }
    }

    /// Somebody was welcome. An open socket alone proves nothing: whoever is let in and sent away again at once would come all the time.
    fn begin_anew(&mut self) {
        self.since = None;
        self.pause = EVERY;
        self.not_before = Instant::now();
    }

    /// One is tried now. Gives when the next one may be.
    fn next(&mut self) -> Instant {
        let now = Instant::now();
        let since = *self.since.get_or_insert(now);
        if now >= since + OFTEN_FOR {
            self.pause = self.pause.mul_f64(GROWTH).min(LONGEST);
        }
        self.after_a_pause()
    }

    /// Somebody has answered, who has no way for us. Gives when the next one may be tried.
    fn answered(&mut self) -> Instant {
        self.pause = self.pause.mul_f64(GROWTH).clamp(ANSWERED, LONGEST);
        self.after_a_pause()
    }

    fn after_a_pause(&mut self) -> Instant {
        let factor = self.random.random_range(1.0 - JITTER..=1.0 + JITTER);
        self.not_before = Instant::now() + self.pause.mul_f64(factor);
        self.not_before
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn pauses_are_short_for_five_seconds_then_grow_and_begin_anew_with_a_welcome() {
        let mut pace = Pace::new(1);
        let mut pauses = Vec::new();
        for _ in 0..80 {
            let next = pace.next();
            pauses.push((next - Instant::now()).as_secs_f64());
            tokio::time::advance(next - Instant::now()).await;
        }
        let short = pauses.iter().take_while(|pause| **pause <= 0.12).count();
        assert!((42..=62).contains(&short), "{pauses:?}");
        assert!(pauses[..short].iter().all(|pause| *pause >= 0.08));
        assert!(pauses[72..].iter().all(|pause| (2.4..=3.6).contains(pause)));
        pace.begin_anew();
        assert!(pace.next() - Instant::now() <= EVERY.mul_f64(1.0 + JITTER));
    }

    #[tokio::test(start_paused = true)]
    async fn who_is_answered_without_a_way_waits_longer_each_time() {
        let mut pace = Pace::new(1);
        let begin = Instant::now();
        let mut tries = 0;
        while begin.elapsed() < Duration::from_secs(60) {
            pace.next();
            let next = pace.answered();
            tokio::time::advance(next - Instant::now()).await;
            tries += 1;
        }
        assert!((20..=30).contains(&tries), "{tries} tries in a minute");
    }
}
