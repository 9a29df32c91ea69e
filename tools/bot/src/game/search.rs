//! Where a match goes on of which nothing is heard any more. Any web server knows that, and gives a ticket for the same seat.

use std::time::Duration;

use futures_util::future::pending;
use rand::{RngExt, SeedableRng, rngs::StdRng};
use reqwest::StatusCode;
use serde_json::{Value, json};
use tokio::{
    select,
    task::JoinSet,
    time::{Instant, sleep_until, timeout},
};

use super::{
    client::{GameClient, GameError},
    restraint::Restraint,
    way::Way,
};
use crate::lobby::{Lobby, LobbyError, LobbyState, MatchResult, Ticketed};

/// So long, on average, the server of before may take, before anybody else is asked.
const FIRST: Duration = Duration::from_secs(1);

/// Those who are told at the same moment that their match moves ask within so long a time, each by chance.
const SPREAD: Duration = Duration::from_millis(200);

/// From one question to the next: while the match is on its way, while it is said to be where it was, and when all of it takes long.
const MOVING: Duration = Duration::from_millis(250);
const STAYS: Duration = Duration::from_millis(500);
const LONG: Duration = Duration::from_secs(1);

/// After this it takes long.
const SHORT: Duration = Duration::from_secs(5);

/// How much longer or shorter a pause may be: those who have lost the same server must not ask as one.
const JITTER: f64 = 0.2;

/// Whoever has no seat in any answer for so long has none. Before that the server may still say how the match has ended.
const NONE_FOR: Duration = Duration::from_secs(2);

/// How long an answer, or the way to the other server, may take.
const PATIENCE: Duration = Duration::from_secs(2);

/// The match that is looked for, and the server on which it was heard last.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// Which match.
    pub match_id: &'a str,
    /// Which server.
    pub server: &'a str,
}

/// What a search has come to.
#[derive(Debug)]
pub enum Found {
    /// The match is on another server, so what comes from the one of before is old.
    Elsewhere,
    /// A socket to that server has the seat. These are its welcome, and its path.
    Welcomed(Box<GameClient>, Value, String),
    /// It is over. This is what its server would have said.
    Over(Value),
    /// It cannot be found.
    Nothing(GameError),
}

/// Asks web servers where a match is.
#[derive(Debug)]
pub struct Search {
    lobby: Lobby,
    /// One question or one way, or none.
    under_way: JoinSet<Step>,
    next_at: Option<Instant>,
    since: Instant,
    /// Whether somebody has said that the match is not where it was.
    is_elsewhere: bool,
    none_since: Option<Instant>,
    /// Whether a seat in another match was given in place of this one's.
    is_replaced: bool,
    doubted: Option<GameError>,
    /// Whether this player sits apart from the party.
    is_apart: bool,
    restraint: Restraint,
    random: StdRng,
    asked: Vec<Instant>,
}

/// What has come of one question, or of one way.
#[derive(Debug)]
enum Step {
    Asked(Result<LobbyState, LobbyError>),
    Ticketed(Result<Ticketed, LobbyError>),
    Resulted(Result<MatchResult, LobbyError>),
    Welcomed(Box<GameClient>, Value, String),
    NotWelcome,
}

impl Search {
    /// One that asks as this player. The same seed gives the same pauses.
    #[must_use]
    pub fn new(lobby: Lobby, seed: u64) -> Search {
        Search {
            lobby,
            under_way: JoinSet::new(),
            next_at: None,
            since: Instant::now(),
            is_elsewhere: false,
            none_since: None,
            is_replaced: false,
            doubted: None,
            is_apart: false,
            restraint: Restraint::default(),
            random: StdRng::seed_from_u64(seed),
            asked: Vec::new(),
        }
    }

    /// When a web server was asked, so often.
    #[must_use]
    pub fn asked(&self) -> &[Instant] {
        &self.asked
    }

    /// Begins, and first leaves some time to the server of before.
    pub fn begin(&mut self) {
        self.stop();
        self.since = Instant::now();
        self.next_at = Some(self.since + self.spread(FIRST));
    }

    /// The server of before has said that the match goes on elsewhere.
    pub fn moved(&mut self) {
        if self.is_elsewhere {
            return;
        }
        self.is_elsewhere = true;
        self.doubted = None;
        self.restraint.sent_away();
        // What is on its way may be older.
        self.under_way = JoinSet::new();
        let wait = SPREAD.mul_f64(self.random.random_range(0.0..1.0));
        self.next_at = Some(Instant::now() + wait.max(self.restraint.pause()));
    }

    /// The server has said with this that there is no way back. It holds if nobody knows better.
    pub fn doubt(&mut self, refusal: GameError) {
        if self.is_elsewhere {
            return;
        }
        self.doubted = Some(refusal);
        if self.under_way.is_empty() {
            self.next_at = Some(Instant::now());
        }
    }

    /// Ends.
    pub fn stop(&mut self) {
        self.next_at = None;
        self.under_way = JoinSet::new();
        self.is_elsewhere = false;
        self.none_since = None;
        self.is_replaced = false;
        self.doubted = None;
        self.is_apart = false;
    }

    /// What it comes to. It asks meanwhile, each time when that is due. Nothing is lost if this is dropped before it is done.
    pub async fn next(&mut self, way: &Way, place: Place<'_>) -> Found {
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
                Some(step) = self.under_way.join_next() => {
                    // Else it was given up.
                    if let Ok(step) = step && let Some(found) = self.take(step, way, place) {
                        return found;
                    }
                }
                () = its_time => {
                    self.next_at = None;
                    self.asked.push(Instant::now());
                    self.under_way.spawn(ask(self.lobby.clone()));
                }
            }
        }
    }

    fn take(&mut self, step: Step, way: &Way, place: Place<'_>) -> Option<Found> {
        match step {
            Step::Asked(Ok(state)) => self.told(state, place),
            Step::Asked(Err(_)) => self.stays(),
            Step::Ticketed(Ok(ticket)) if ticket.match_id == place.match_id => {
                self.under_way.spawn(go(way.clone(), ticket));
                None
            }
            Step::Ticketed(Ok(_)) => {
                // It has ended just now, and nobody has asked for another one.
                let lobby = self.lobby.clone();
                tokio::spawn(async move { lobby.leave().await });
                self.is_replaced = true;
                self.ask_result(place);
                None
            }
            Step::Ticketed(Err(error)) => {
                // Whoever has joined a party in the middle of another match is led back to that one alone.
                self.is_apart |= error.code() == Some("member_plays");
                self.again(wait_of(&error).unwrap_or(MOVING));
                None
            }
            Step::Resulted(Ok(result)) => Some(Found::Over(frame_of(&result))),
            Step::Resulted(Err(_)) => self.none(),
            Step::Welcomed(client, welcome, path) => {
                self.restraint.welcomed();
                self.stop();
                Some(Found::Welcomed(client, welcome, path))
            }
            Step::NotWelcome => {
                self.restraint.sent_away();
                self.again(MOVING);
                None
            }
        }
    }

    fn told(&mut self, state: LobbyState, place: Place<'_>) -> Option<Found> {
        let seat = state.seat.filter(|seat| seat.match_id == place.match_id);
        let Some(seat) = seat else {
            self.ask_result(place);
            return None;
        };
        self.none_since = None;
        if seat.moving {
            self.again(MOVING);
            return None;
        }
        if seat.server == place.server && !self.is_elsewhere {
            return self.stays();
        }
        self.is_elsewhere = true;
        self.doubted = None;
        let code = state.party.filter(|_| !self.is_apart);
        let code = code.map(|party| party.code);
        self.under_way.spawn(get_ticket(self.lobby.clone(), code));
        Some(Found::Elsewhere)
    }

    /// As far as anybody knows, the match is where it was.
    fn stays(&mut self) -> Option<Found> {
        let doubted = self.doubted.take();
        self.again(STAYS);
        doubted.map(Found::Nothing)
    }

    /// Whoever has no seat in a match any more may still be told how it has ended.
    fn ask_result(&mut self, place: Place<'_>) {
        let ask = get_result(self.lobby.clone(), place.match_id.to_owned());
        self.under_way.spawn(ask);
    }

    /// There is neither a seat nor a result.
    fn none(&mut self) -> Option<Found> {
        if self.is_replaced {
            return Some(Found::Nothing(GameError::Gone));
        }
        if let Some(doubted) = self.doubted.take() {
            return Some(Found::Nothing(doubted));
        }
        let since = *self.none_since.get_or_insert_with(Instant::now);
        self.again(STAYS);
        (since.elapsed() >= NONE_FOR).then_some(Found::Nothing(GameError::Gone))
    }

    fn again(&mut self, pause: Duration) {
        let is_long = self.since.elapsed() >= SHORT;
        let pause = if is_long { pause.max(LONG) } else { pause };
        let pause = self.spread(pause.max(self.restraint.pause()));
        self.next_at = Some(Instant::now() + pause);
    }

    fn spread(&mut self, pause: Duration) -> Duration {
        pause.mul_f64(self.random.random_range(1.0 - JITTER..=1.0 + JITTER))
    }
}

/// What a search comes to, if there is one.
pub async fn found_by(search: &mut Option<Search>, way: &Way, place: Place<'_>) -> Found {
    match search {
        Some(search) => search.next(way, place).await,
        None => pending().await,
    }
}

/// How long a web server wants whoever was too quick to wait.
fn wait_of(error: &LobbyError) -> Option<Duration> {
    match error {
        LobbyError::Refused { status, .. } if *status == StatusCode::TOO_MANY_REQUESTS => {
            error.retry_after()
        }
        _ => None,
    }
}

async fn ask(lobby: Lobby) -> Step {
    // Whoever does not answer by then may never do it, and another web server may.
    match timeout(PATIENCE, lobby.state()).await {
        Ok(answer) => Step::Asked(answer),
        Err(_) => Step::Asked(Err(LobbyError::TooLate)),
    }
}

async fn get_ticket(lobby: Lobby, party: Option<String>) -> Step {
    match timeout(PATIENCE, lobby.play(party.as_deref())).await {
        Ok(answer) => Step::Ticketed(answer),
        Err(_) => Step::Ticketed(Err(LobbyError::TooLate)),
    }
}

async fn get_result(lobby: Lobby, match_id: String) -> Step {
    match timeout(PATIENCE, lobby.result(&match_id)).await {
        Ok(answer) => Step::Resulted(answer),
        Err(_) => Step::Resulted(Err(LobbyError::TooLate)),
    }
}

/// A result as a game server tells it. The match's number among those of that server nobody knows any more.
fn frame_of(result: &MatchResult) -> Value {
    match &result.cancelled {
        None => json!({ "type": "result", "match": 0, "winner": result.winner, "closes_in_ms": 0 }),
        Some(code) => json!({ "type": "cancelled", "match": 0, "code": code }),
    }
}

/// Goes where a ticket leads.
async fn go(way: Way, ticket: Ticketed) -> Step {
    let way = Way {
        path: ticket.path,
        ..way
    };
    let entered = async {
        let mut client = way.open().await?;
        client.show(&ticket.ticket).await?;
        let welcome = client.welcome().await?;
        Ok::<_, GameError>((client, welcome))
    };
    match timeout(PATIENCE, entered).await {
        Ok(Ok((client, welcome))) => Step::Welcomed(Box::new(client), welcome, way.path),
        Ok(Err(_)) | Err(_) => Step::NotWelcome,
    }
}
