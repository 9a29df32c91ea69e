//! A player as a page is one: asks for a seat, plays, comes back, follows the match, and writes down what it sees.

use std::{sync::Arc, time::Duration};

use bot::{
    Lobby, LobbyError, Target, Ticketed,
    game::{Event, GameError, Pilot, ResumingClient, Way},
};
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
            is_out: false,
            shown_at: None,
            leaves_at: None,
        };
        sitting.note_where();
        let end = sitting.until_the_end().await;
        let (resumes, moves) = (sitting.client.resumes(), sitting.client.moves());
        let mut state = self.shared.state();
        state.resumes += u64::from(resumes);
        state.moves += u64::from(moves);
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
                    let is_final = matches!(error, LobbyError::Refused { .. });
                    if is_final && error.retry_after().is_none() {
                        // The others may play already, or their party is no more.
                        party = None;
                    }
                    let why = error.code().unwrap_or("no answer");
                    self.refused(&format!("lobby: {why}"), error.retry_after())
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

/// A player who has a seat.
struct Sitting<'a> {
    player: &'a mut Player,
    client: ResumingClient,
    /// The number of its log.
    log: usize,
    pilot: Pilot,
    /// Whether its goat has no lives left.
    is_out: bool,
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
            let doing = Doing::Plays {
                server: self.client.server().to_owned(),
                is_lost: self.client.lost_at().is_some(),
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
                    Some("welcome") => self.note_where(),
                    Some("result") => self.ended(format!("winner {}", frame["winner"])),
                    Some("cancelled") => self.ended(format!("cancelled: {}", frame["code"])),
                    _ => {}
                }
                return None;
            }
            Ok(Event::Snapshot(snapshot)) => {
                let state = snapshot.state;
                let seat = self.client.seat();
                self.is_out = state.goats[seat].lives == 0;
                self.shown(state.tick, state.hash());
                if let Some(input) = self.pilot.steer(&state, seat) {
                    self.client.act(input).await;
                }
                return None;
            }
            Ok(Event::Closed(code)) => format!("closed with {code:?}"),
            Err(error) => error.to_string(),
        };
        Some(match (is_over, self.is_out) {
            (true, _) => End::Told,
            (false, true) => End::Out,
            (false, false) => End::Lost(why),
        })
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

    fn shown(&mut self, tick: u32, hash: u32) {
        let now = self.player.shared.now();
        let mut state = self.player.shared.state();
        state.snapshots += 1;
        let log = &mut state.logs[self.log];
        log.heard = now;
        if self.leaves_at.is_none() {
            log.shown(tick, hash);
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
