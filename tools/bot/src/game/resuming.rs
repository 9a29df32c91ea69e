//! A player whose network comes and goes, as the page plays: as soon as nothing is heard, second sockets are tried beside the first, and
//! whichever is welcome goes on with the same seat. Where the match has moved to another server, the player follows it.

use std::time::Duration;

use game::Input;
use protocol::{CloseReason, game::ClientFrame};
use tokio::{
    select,
    time::{Instant, sleep_until},
};

use super::{
    client::{Event, GameClient, GameError},
    hearing::{Hearing, is_pong, is_told_end, next_of},
    search::{Found, Place, Search, found_by},
    tries::{Tried, Tries},
    way::Way,
};
use crate::lobby::Lobby;

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
    /// None for somebody who does not follow.
    search: Option<Search>,
    match_id: String,
    server: String,
    epoch: u32,
    seat: usize,
    /// What it says on another socket, with the newest token that a welcome has offered.
    way_back: ClientFrame,
    /// The number of the next input, and the tick that was seen last, for whichever socket is the next.
    counted: (u16, u16),
    hearing: Hearing,
    lost_at: Option<Instant>,
    /// Whether the match is over, and has no server any more.
    is_over: bool,
    resumes: u32,
    moves: u32,
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
        Ok(ResumingClient {
            way,
            tries: Tries::new(seed),
            search: None,
            match_id: client.match_id().to_owned(),
            server: client.server().to_owned(),
            epoch: client.epoch(),
            seat: client.seat().ok_or(GameError::NoSeat)?,
            way_back: client.way_back().ok_or(GameError::NoSeat)?,
            counted: (client.next_sequence, client.seen),
            current: Some(client),
            hearing: Hearing::new(),
            lost_at: None,
            is_over: false,
            resumes: 0,
            moves: 0,
        })
    }

    /// The same, who follows the match to other servers from now on: the web servers know this player, and so say where it is. The same seed
    /// gives the same pauses between questions.
    #[must_use]
    pub fn following(mut self, lobby: Lobby, seed: u64) -> ResumingClient {
        self.search = Some(Search::new(lobby, seed));
        self
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

    /// The server on which it plays.
    #[must_use]
    pub fn server(&self) -> &str {
        &self.server
    }

    /// How many servers have had its match, with this one. What is shown was played at this epoch.
    #[must_use]
    pub fn epoch(&self) -> u32 {
        self.epoch
    }

    /// How often it has followed its match to another server.
    #[must_use]
    pub fn moves(&self) -> u32 {
        self.moves
    }

    /// When it has asked a web server where its match is, so often.
    #[must_use]
    pub fn asked(&self) -> &[Instant] {
        self.search.as_ref().map_or(&[], Search::asked)
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
        self.hearing.cut_until = Some(until);
    }

    /// From now on it waits, however long nothing is heard, for the same socket to speak again.
    pub fn be_patient(&mut self) {
        self.hearing.is_patient = true;
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
        if self.is_over {
            return Ok(Event::Closed(Some(CloseReason::MatchOver.code())));
        }
        loop {
            self.notice_silence().await?;
            let hears = self.hearing.cut_until.is_none();
            let until = self.lost_at.map(|lost_at| lost_at + LOOKS_FOR);
            let wakes_at = self.hearing.wakes_at(until);
            let place = Place {
                match_id: &self.match_id,
                server: &self.server,
            };
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
                found = found_by(&mut self.search, &self.way, place), if hears => {
                    if let Some(event) = self.follow(found)? {
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
                self.hearing.hear(&event);
                let is_of_now = |lost_at: Instant| lost_at.elapsed() > OF_BEFORE;
                // It was only late.
                if self.lost_at.is_some_and(is_of_now) && !self.tries.are_asking() {
                    self.lost_at = None;
                    self.tries.stop();
                    self.stop_search();
                }
                if let Event::Snapshot(snapshot) = &event {
                    self.counted.1 = snapshot.state.tick as u16;
                }
                return Ok(Some(event).filter(|event| !is_pong(event)));
            }
        };
        self.current = None;
        let has_moved = self.search.is_some() && code == Some(CloseReason::Moved.code());
        let is_final = code.is_some_and(|code| is_told_end(code) && !self.explains(code));
        if is_final && !has_moved {
            return Ok(Some(Event::Closed(code)));
        }
        self.lose(true);
        if has_moved {
            self.go_elsewhere();
        }
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
                self.epoch = client.epoch();
                (client.next_sequence, client.seen) = self.counted;
                self.current = Some(*client);
                self.tries.succeed();
                self.stop_search();
                self.lost_at = None;
                self.hearing.heard();
                self.resumes += 1;
                return Ok(Some(Event::Told(welcome)));
            }
            Tried::Refused(error) => match &mut self.search {
                // A server that was frozen while its match moved says so, too.
                Some(search) => search.doubt(error),
                None => return Err(error),
            },
            // The match may be elsewhere, and web servers know that.
            Tried::Gone(error) => {
                if self.search.is_none() {
                    return Err(error);
                }
            }
            Tried::SentAway(code) => {
                if self.search.is_some() && code == Some(CloseReason::Moved.code()) {
                    self.go_elsewhere();
                }
            }
            Tried::Failed | Tried::Unanswered => {}
        }
        Ok(None)
    }

    /// What has come of the search. Gives the welcome of another server if the match goes on there.
    fn follow(&mut self, found: Found) -> Result<Option<Event>, GameError> {
        match found {
            Found::Elsewhere => {
                self.current = None;
                self.tries.stop();
                Ok(None)
            }
            Found::Welcomed(client, welcome, path) => {
                self.way.path = path;
                self.way_back = client.way_back().ok_or(GameError::NoSeat)?;
                client.server().clone_into(&mut self.server);
                self.epoch = client.epoch();
                // It is new there: ticks may come again, and so may their numbers.
                self.counted = (client.next_sequence, client.seen);
                self.current = Some(*client);
                self.tries.stop();
                self.tries.succeed();
                self.lost_at = None;
                self.hearing.heard();
                self.moves += 1;
                Ok(Some(Event::Told(welcome)))
            }
            Found::Over(frame) => {
                self.current = None;
                self.tries.stop();
                self.stop_search();
                self.is_over = true;
                Ok(Some(Event::Told(frame)))
            }
            Found::Nothing(error) => Err(error),
        }
    }

    /// The server has nothing to do with the match any more.
    fn go_elsewhere(&mut self) {
        self.tries.stop();
        if let Some(search) = &mut self.search {
            search.moved();
        }
    }

    fn stop_search(&mut self) {
        if let Some(search) = &mut self.search {
            search.stop();
        }
    }

    /// The connection is lost if nothing was heard for too long.
    async fn notice_silence(&mut self) -> Result<(), GameError> {
        let now = Instant::now();
        let is_silent = self.hearing.is_silent(now);
        if self.lost_at.is_none() && (self.current.is_none() || is_silent) {
            self.lose(false);
        }
        if self
            .lost_at
            .is_some_and(|lost_at| now >= lost_at + LOOKS_FOR)
        {
            return Err(GameError::Closed(None));
        }
        if self.hearing.pings(now)
            && let Some(client) = &mut self.current
        {
            let _ = client.say(&ClientFrame::Ping { at: 0 }).await;
        }
        Ok(())
    }

    /// `was_closed`: whether the server has closed the connection. Else it is silent.
    fn lose(&mut self, was_closed: bool) {
        if self.lost_at.is_none() {
            self.lost_at = Some(Instant::now());
            self.tries.begin(was_closed);
            if let Some(search) = &mut self.search {
                search.begin();
            }
        }
    }

    /// Whether it was a socket of our own that took the seat.
    fn explains(&mut self, code: u16) -> bool {
        code == CloseReason::Replaced.code() && self.tries.explain_replaced()
    }
}
