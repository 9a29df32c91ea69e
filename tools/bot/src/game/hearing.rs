//! What a player hears, and when nothing was heard for too long.

use std::time::Duration;

use futures_util::future::pending;
use protocol::CloseReason;
use tokio::time::Instant;

use super::client::{Event, GameClient, GameError};

/// While a match is played there is a snapshot every 50 ms. Whoever hears nothing for so long has lost the connection.
const SILENCE: Duration = Duration::from_millis(500);

/// Before and after it there is an answer to a ping each second.
const SILENCE_ELSE: Duration = Duration::from_millis(2_500);
const PING_EVERY: Duration = Duration::from_secs(1);

/// What a player hears, and since when nothing.
#[derive(Debug)]
pub struct Hearing {
    heard_at: Instant,
    ping_at: Instant,
    /// Whether a match is played.
    is_played: bool,
    /// Until then nothing is heard or said.
    pub cut_until: Option<Instant>,
    /// Silence is no loss.
    pub is_patient: bool,
}

impl Hearing {
    /// Somebody has been heard just now.
    #[must_use]
    pub fn new() -> Hearing {
        let now = Instant::now();
        Hearing {
            heard_at: now,
            ping_at: now + PING_EVERY,
            is_played: false,
            cut_until: None,
            is_patient: false,
        }
    }

    /// Somebody has said something.
    pub fn heard(&mut self) {
        self.heard_at = Instant::now();
    }

    /// The server has said this.
    pub fn hear(&mut self, event: &Event) {
        self.heard();
        if let Event::Told(frame) = event {
            match frame["type"].as_str() {
                Some("started") => self.is_played = true,
                Some("gathering" | "result" | "cancelled") => self.is_played = false,
                _ => {}
            }
        }
    }

    /// Whether nothing was heard for too long. If a cut is over by now, it ends with this.
    pub fn is_silent(&mut self, now: Instant) -> bool {
        if self.cut_until.is_some_and(|until| now >= until) {
            self.cut_until = None;
        }
        now >= self.silent_at() && !self.is_patient
    }

    /// Whether it is time to ask for a word, where none comes by itself.
    pub fn pings(&mut self, now: Instant) -> bool {
        let is_time = now >= self.ping_at;
        if is_time {
            self.ping_at = now + PING_EVERY;
        }
        is_time && !self.is_played
    }

    /// When there is something to do that nobody says. `until`: if the connection is lost, for how long it is looked for.
    #[must_use]
    pub fn wakes_at(&self, until: Option<Instant>) -> Instant {
        let looks = match until {
            Some(until) => until.min(self.ping_at),
            None if self.is_patient => self.ping_at,
            None => self.silent_at().min(self.ping_at),
        };
        self.cut_until.map_or(looks, |until| until.min(looks))
    }

    fn silent_at(&self) -> Instant {
        let silence = if self.is_played {
            SILENCE
        } else {
            SILENCE_ELSE
        };
        self.heard_at + silence
    }
}

/// What an open socket says next.
pub async fn next_of(client: &mut Option<GameClient>) -> Result<Event, GameError> {
    match client {
        Some(client) => client.event().await,
        None => pending().await,
    }
}

/// Whether a server closes a socket with this when there is nothing more to come for its client, who is not to come back by itself.
#[must_use]
pub fn is_told_end(code: u16) -> bool {
    use CloseReason as Reason;
    match Reason::from_code(code) {
        Some(Reason::TooSlow | Reason::Silent | Reason::Restart) | None => false,
        Some(_) => true,
    }
}

/// Whether it only answers a ping.
#[must_use]
pub fn is_pong(event: &Event) -> bool {
    matches!(event, Event::Told(frame) if frame["type"] == "pong")
}
