//! A player whose network comes and goes, as the page plays: as soon as nothing is heard, second sockets are tried beside the first, and
//! whichever is welcome goes on with the same seat.

use std::time::Duration;

use futures_util::future::pending;
use game::Input;
use protocol::{CloseReason, game::ClientFrame};
use tokio::{
    select,
    time::{Instant, sleep_until},
};

use super::{
    client::{Event, GameClient, GameError},
    tries::{Tried, Tries},
    way::Way,
};

/// While a match is played there is a snapshot every 50 ms. Whoever hears nothing for so long has lost the connection.
const SILENCE: Duration = Duration::from_millis(500);

/// Before and after it there is an answer to a ping each second.
const SILENCE_ELSE: Duration = Duration::from_millis(2_500);
const PING_EVERY: Duration = Duration::from_secs(1);

/// What comes within so long a time after the loss was noticed has waited here, since whoever was frozen reads late. It says nothing of the
/// connection as it is now.
const OF_BEFORE: Duration = Duration::from_millis(20);

/// For so long a way back is looked for. No match takes longer.
const LOOKS_FOR: Duration = Duration::from_secs(120);

/// A player who comes back to the same seat.
#[derive(Debug)]
pub struct ResumingClient {
    way: Way,
    /// On which it plays; none if it is closed.
    current: Option<GameClient>,
    tries: Tries,
    match_id: String,
    seat: usize,
    /// What it says on another socket, with the newest token that a welcome has offered.
    way_back: ClientFrame,
    /// The number of the next input, and the tick that was seen last, for whichever socket is the next.
    counted: (u16, u16),
    heard_at: Instant,
    ping_at: Instant,
    lost_at: Option<Instant>,
    is_played: bool,
    /// Until then nothing is heard or said.
    cut_until: Option<Instant>,
    /// Nothing is tried because of silence.
    is_patient: bool,
    resumes: u32,
}

impl ResumingClient {
    /// Enters with a ticket for a seat. The same seed gives the same pauses between tries.
    ///
    /// # Errors
    /// When it is refused, and why.
    pub async fn enter(way: Way, ticket: &str, seed: u64) -> Result<ResumingClient, GameError> {
        let mut client = way.open().await?;
        client.show(ticket).await?;
        client.welcome().await?;
        let now = Instant::now();
        Ok(ResumingClient {
            way,
            tries: Tries::new(seed),
            match_id: client.match_id().to_owned(),
            seat: client.seat().ok_or(GameError::NoSeat)?,
            way_back: client.way_back().ok_or(GameError::NoSeat)?,
            counted: (client.next_sequence, client.seen),
            current: Some(client),
            heard_at: now,
            ping_at: now + PING_EVERY,
            lost_at: None,
            is_played: false,
            cut_until: None,
            is_patient: false,
            resumes: 0,
        })
    }

    /// Its seat.
    #[must_use]
    pub fn seat(&self) -> usize {
        self.seat
    }

    /// Its match.
    #[must_use]
    pub fn match_id(&self) -> &str {
        &self.match_id
    }

    /// How often it has come back over another socket: 0 while it plays over the first.
    #[must_use]
    pub fn resumes(&self) -> u32 {
        self.resumes
    }

    /// Since when the connection is lost, if it is.
    #[must_use]
    pub fn lost_at(&self) -> Option<Instant> {
        self.lost_at
    }

    /// Closes the socket without a word, as a network does that changes.
    pub fn drop_socket(&mut self) {
        self.current = None;
    }

    /// Hears and says nothing until then, as without a network. What the server says meanwhile waits.
    pub fn cut_until(&mut self, until: Instant) {
        self.cut_until = Some(until);
    }

    /// From now on it waits, however long nothing is heard, for the same socket to speak again.
    pub fn be_patient(&mut self) {
        self.is_patient = true;
    }

    /// Does something. While the connection is lost nobody may hear of it.
    pub async fn act(&mut self, input: Input) {
        if let Some(client) = &mut self.current {
            // A connection that is lost is noticed where it is listened to.
            let _ = client.act(input).await;
            self.counted = (client.next_sequence, client.seen);
        }
    }

    /// The next that the server says, over whichever socket. That the connection is lost and comes back is none of it, but each socket begins
    /// with a welcome.
    ///
    /// # Errors
    /// When there is no way back: the server refuses, or nobody has answered for two minutes.
    pub async fn event(&mut self) -> Result<Event, GameError> {
        loop {
            self.notice_silence().await?;
            let hears = self.hears();
            let wakes_at = self.wakes_at();
            select! {
                biased;
                event = next_of(&mut self.current), if hears => {
                    if let Some(event) = self.hear(event)? {
                        return Ok(event);
                    }
                }
                tried = self.tries.next(&self.way), if hears => {
                    if let Some(event) = self.come_back(tried)? {
                        return Ok(event);
                    }
                }
                () = sleep_until(wakes_at) => {}
            }
        }
    }

    /// What has come over the socket on which it plays.
    fn hear(&mut self, event: Result<Event, GameError>) -> Result<Option<Event>, GameError> {
        let code = match event {
            Ok(Event::Closed(code)) => code,
            Err(GameError::Lost(_)) => None,
            Err(error) => return Err(error),
            Ok(event) => {
                self.heard_at = Instant::now();
                let is_of_now = |lost_at: Instant| lost_at.elapsed() > OF_BEFORE;
                // It was only late.
                if self.lost_at.is_some_and(is_of_now) && !self.tries.are_asking() {
                    self.lost_at = None;
                    self.tries.stop();
                }
                self.note(&event);
                return Ok(Some(event).filter(|event| !is_pong(event)));
            }
        };
        self.current = None;
        let is_final = code.is_some_and(|code| is_told_end(code) && !self.explains(code));
        if is_final {
            return Ok(Some(Event::Closed(code)));
        }
        self.lose();
        Ok(None)
    }

    /// What has come of a second socket. Gives the welcome if it is the one to play on.
    fn come_back(&mut self, tried: Tried) -> Result<Option<Event>, GameError> {
        match tried {
            Tried::Opened(client) => {
                if self.lost_at.is_some() {
                    self.tries.ask(client, self.way_back.clone());
                }
            }
            Tried::Welcomed(mut client, welcome) => {
                self.way_back = client.way_back().ok_or(GameError::NoSeat)?;
                (client.next_sequence, client.seen) = self.counted;
                self.current = Some(*client);
                self.tries.succeed();
                self.lost_at = None;
                self.heard_at = Instant::now();
                self.resumes += 1;
                return Ok(Some(Event::Told(welcome)));
            }
            Tried::Refused(error) => return Err(error),
            Tried::Failed | Tried::Unanswered => {}
        }
        Ok(None)
    }

    /// The connection is lost if nothing was heard for too long.
    async fn notice_silence(&mut self) -> Result<(), GameError> {
        let now = Instant::now();
        if self.cut_until.is_some_and(|until| now >= until) {
            self.cut_until = None;
        }
        let is_silent = now >= self.silent_at() && !self.is_patient;
        if self.lost_at.is_none() && (self.current.is_none() || is_silent) {
            self.lose();
        }
        if self
            .lost_at
            .is_some_and(|lost_at| now >= lost_at + LOOKS_FOR)
        {
            return Err(GameError::Closed(None));
        }
        if now >= self.ping_at {
            self.ping_at = now + PING_EVERY;
            if let Some(client) = self.current.as_mut().filter(|_| !self.is_played) {
                let _ = client.say(&ClientFrame::Ping { at: 0 }).await;
            }
        }
        Ok(())
    }

    fn lose(&mut self) {
        if self.lost_at.is_none() {
            self.lost_at = Some(Instant::now());
            self.tries.begin();
        }
    }

    fn note(&mut self, event: &Event) {
        match event {
            Event::Told(frame) => match frame["type"].as_str() {
                Some("started") => self.is_played = true,
                Some("result" | "cancelled") => self.is_played = false,
                _ => {}
            },
            Event::Snapshot(snapshot) => self.counted.1 = snapshot.state.tick as u16,
            Event::Closed(_) => {}
        }
    }

    fn hears(&self) -> bool {
        self.cut_until.is_none()
    }

    fn silent_at(&self) -> Instant {
        let silence = if self.is_played {
            SILENCE
        } else {
            SILENCE_ELSE
        };
        self.heard_at + silence
    }

    /// When there is something to do that nobody says.
    fn wakes_at(&self) -> Instant {
        let lost_at = self.lost_at.map(|lost_at| lost_at + LOOKS_FOR);
        let looks = match lost_at {
            Some(until) => until.min(self.ping_at),
            None if self.is_patient => self.ping_at,
            None => self.silent_at().min(self.ping_at),
        };
        self.cut_until.map_or(looks, |until| until.min(looks))
    }

    /// Whether it was a socket of our own that took the seat.
    fn explains(&mut self, code: u16) -> bool {
        code == CloseReason::Replaced.code() && self.tries.explain_replaced()
    }
}

/// What an open socket says next.
async fn next_of(client: &mut Option<GameClient>) -> Result<Event, GameError> {
    match client {
        Some(client) => client.event().await,
        None => pending().await,
    }
}

/// Whether a server closes a socket with this when there is nothing more to come for its client, who is not to come back by itself.
fn is_told_end(code: u16) -> bool {
    use CloseReason as Reason;
    match Reason::from_code(code) {
        Some(Reason::TooSlow | Reason::Silent | Reason::Restart) | None => false,
        Some(_) => true,
    }
}

fn is_pong(event: &Event) -> bool {
    matches!(event, Event::Told(frame) if frame["type"] == "pong")
}
