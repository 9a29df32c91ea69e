//! A player as a page is one: asks for a seat, plays, comes back, follows the match, and writes down what it sees.

use std::{sync::Arc, time::Duration};

use bot::{
    Lobby, LobbyError, Target, Ticketed,
    game::{Event, GameError, Pilot, ResumingClient, Way},
};
use game::State;
use rand::{RngExt, rngs::StdRng};
use tokio::{
    sync::mpsc,
    time::{Instant, sleep, sleep_until, timeout},
};

use super::{
    fault::Fault,
    log::{End, Log},
    shared::{Doing, Shared},
};

/// How long the way in with a ticket may take. Then another one is asked for.
const ENTERED_WITHIN: Duration = Duration::from_secs(5);

/// The pause before a player asks again who was told no time for it.
const AGAIN: Duration = Duration::from_millis(500);

/// How often a player looks whether it is still connected.
const LOOKS_EVERY: Duration = Duration::from_millis(250);

/// So long a player stays after the result, to hear whether there comes another one.
const STAYS_FOR: Duration = Duration::from_millis(500);

/// There is a snapshot every 50 ms. A stretch as long as this is a pause.
const PAUSE: Duration = Duration::from_millis(250);

/// Whoever has been shown nothing for so long is not well, even with a socket.
const SEES_NOTHING: Duration = Duration::from_secs(1);

/// What a player can be asked to do.
#[derive(Clone, Copy, Debug)]
pub enum Order {
    /// To lose its socket, without a goodbye.
    Reset,
    /// To hear and say nothing for so long.
    Cut(Duration),
}

/// One player.
pub struct Player {
    /// Its number.
    pub index: usize,
    /// How it asks web servers.
    pub lobby: Lobby,
    /// Where it goes.
    pub target: Target,
    /// What it is asked to do.
    pub orders: mpsc::UnboundedReceiver<Order>,
    /// What it writes into.
    pub shared: Arc<Shared>,
    /// Decides what it does, and how long it waits.
    pub random: StdRng,
}

impl Player {
    /// Plays one match to its end: with the party of this code, if there is one.
    pub async fn play(&mut self, party: Option<&str>) {
        self.shared
            .does(self.index, Doing::Seeks(self.shared.now()));
        let Some((client, ticket)) = self.enter(party).await else {
            return;
        };
        let log = Log {
            player: self.index,
            match_id: ticket.match_id,
            seat: client.seat() as u8,
            entered: self.shared.now(),
            heard: self.shared.now(),
            ..Log::default()
        };
        let log = self.shared.enters(log);
        let seed = self.random.random();
        let mut sitting = Sitting {
            player: self,
            client,
            log,
            pilot: Pilot::new(seed),
            shown_at: None,
            leaves_at: None,
        };
        sitting.note_where();
        let end = sitting.until_the_end().await;
        let mut state = self.shared.state();
        state.logs[log].end = Some(end);
        state.players[self.index] = Doing::Waits;
    }

    /// Gets in, as soon as that is possible. None if nobody is to play any more.
    async fn enter(&mut self, mut party: Option<&str>) -> Option<(ResumingClient, Ticketed)> {
        while self.shared.goes_on() {
            let wait = match self.lobby.play(party).await {
                Ok(ticket) => match timeout(ENTERED_WITHIN, self.show(&ticket)).await {
                    Ok(Ok(client)) => {
                        // What it was asked to do without a seat does not concern it.
                        while self.orders.try_recv().is_ok() {}
                        return Some((client, ticket));
                    }
                    Ok(Err(error)) => self.refused(&format!("game server: {error}"), None),
                    Err(_) => self.refused("game server: no welcome in time", None),
                },
                Err(error) => {
                    if is_final(&error) {
                        // The others may play already, or their party is no more. Who is in none plays alone.
                        party = None;
                        let _ = self.lobby.leave_party().await;
                    }
                    self.refused(&format!("lobby: {}", word(&error)), error.retry_after())
                }
            };
            sleep(wait).await;
        }
        None
    }

    async fn show(&mut self, ticket: &Ticketed) -> Result<ResumingClient, GameError> {
        let way = Way {
            address: self.target.address,
            host: self.target.host.clone(),
            path: ticket.path.clone(),
            from: None,
        };
        let seed = self.random.random();
        let client = ResumingClient::enter(way, &ticket.ticket, seed).await?;
        Ok(client.following(self.lobby.clone(), seed))
    }

    /// Gives how long to wait.
    fn refused(&mut self, why: &str, retry_after: Option<Duration>) -> Duration {
        self.shared.refused(why);
        let wait = retry_after.unwrap_or(AGAIN);
        wait.mul_f64(self.random.random_range(0.8..1.2))
    }
}

/// Why the lobby refused, in a word or two.
#[must_use]
pub fn word(error: &LobbyError) -> String {
    match error {
        LobbyError::Refused { status, code, .. } if code.is_empty() => status.to_string(),
        LobbyError::Refused { code, .. } => code.clone(),
        _ => "no answer".to_owned(),
    }
}

/// Whether the same question would get the same answer. What has no code is a proxy's, who may know better in a moment.
fn is_final(error: &LobbyError) -> bool {
    matches!(error, LobbyError::Refused { status, code, .. } if status.is_client_error() && !code.is_empty())
        && error.retry_after().is_none()
}

/// A player who has a seat.
struct Sitting<'a> {
    player: &'a mut Player,
    client: ResumingClient,
    /// The number of its log.
    log: usize,
    pilot: Pilot,
    shown_at: Option<Duration>,
    /// When it goes, once it was told the result.
    leaves_at: Option<Instant>,
}

impl Sitting<'_> {
    async fn until_the_end(&mut self) -> End {
        loop {
            let looks_at = Instant::now() + LOOKS_EVERY;
            let wakes_at = self.leaves_at.map_or(looks_at, |at| at.min(looks_at));
            tokio::select! {
                biased;
                Some(order) = self.player.orders.recv() => self.obey(order),
                event = self.client.event() => if let Some(end) = self.hear(event).await {
                    return end;
                },
                () = sleep_until(wakes_at) => {}
            }
            if self.leaves_at.is_some_and(|at| at <= Instant::now()) {
                return End::Told;
            }
            let sees_nothing = self.shown_at.is_some_and(|at| {
                let now = self.player.shared.now();
                now.saturating_sub(at) > SEES_NOTHING
            });
            let doing = Doing::Plays {
                server: self.client.server().to_owned(),
                is_lost: self.client.lost_at().is_some() || sees_nothing,
            };
            self.player.shared.does(self.player.index, doing);
        }
    }

    fn obey(&mut self, order: Order) {
        match order {
            Order::Reset => self.client.drop_socket(),
            Order::Cut(time) => self.client.cut_until(Instant::now() + time),
        }
    }

    async fn hear(&mut self, event: Result<Event, GameError>) -> Option<End> {
        let is_over = self.leaves_at.is_some();
        let why = match event {
            Ok(Event::Told(frame)) => {
                match frame["type"].as_str() {
                    // It came back, and is told everything anew.
                    Some("welcome") if is_over => return Some(End::Told),
                    Some("welcome") => self.came_back(),
                    Some("result") => self.ended(format!("winner {}", frame["winner"])),
                    Some("cancelled") => self.ended(format!("cancelled: {}", frame["code"])),
                    _ => {}
                }
                return None;
            }
            Ok(Event::Snapshot(snapshot)) => {
                let state = snapshot.state;
                let seat = self.client.seat();
                self.shown(&state);
                if let Some(input) = self.pilot.steer(&state, seat) {
                    self.client.act(input).await;
                }
                return None;
            }
            Ok(Event::Closed(code)) => format!("closed with {code:?}"),
            Err(error) => error.to_string(),
        };
        Some(if is_over { End::Told } else { End::Lost(why) })
    }

    fn came_back(&mut self) {
        let mut state = self.player.shared.state();
        let stays = &state.logs[self.log].stays;
        if stays
            .last()
            .is_some_and(|stay| stay.server == self.client.server())
        {
            state.resumes += 1;
        } else {
            state.moves += 1;
        }
        drop(state);
        self.note_where();
    }

    /// The server and the epoch in which it is now.
    fn note_where(&mut self) {
        let now = self.player.shared.now();
        let mut state = self.player.shared.state();
        let is_orderly = state.fault.is_some_and(Fault::is_orderly);
        let log = &mut state.logs[self.log];
        log.heard = now;
        log.welcomed(now, self.client.epoch(), self.client.server(), is_orderly);
    }

    fn shown(&mut self, shown: &State) {
        let hash = shown.hash();
        let out = (0..).zip(&shown.goats).filter(|(_, goat)| goat.lives == 0);
        let now = self.player.shared.now();
        let mut state = self.player.shared.state();
        state.snapshots += 1;
        let log = &mut state.logs[self.log];
        log.heard = now;
        if self.leaves_at.is_none() {
            log.shown(shown.tick, hash);
            log.out.extend(out.map(|(seat, _)| seat));
        }
        if let Some(before) = self.shown_at.replace(now)
            && now - before > PAUSE
        {
            log.pauses.push((before, now));
        }
    }

    fn ended(&mut self, result: String) {
        let now = self.player.shared.now();
        let mut state = self.player.shared.state();
        let log = &mut state.logs[self.log];
        log.heard = now;
        log.results.push(result);
        self.leaves_at
            .get_or_insert_with(|| Instant::now() + STAYS_FOR);
    }
}
