//! What the sockets, one match and whoever asks have in common.
//!
//! Nobody waits while it is locked. The process has one thread, so nobody waits for the lock, either.

use std::sync::Arc;

use axum::extract::ws::Utf8Bytes;
use game::{Input, State};
use matches::{HeldSeat, MatchId, MatchReport, Nonce, ServerId};
use parking_lot::{Mutex, MutexGuard};
use protocol::{
    CloseReason,
    game::{ResumeToken, SeatHolder},
};
use serde::Serialize;
use tokio::{sync::Notify, time::Instant};

use super::{
    claims::{Claim, Claims},
    config::MatchesConfig,
    counters::Counters,
    frames,
    presence::NoWayBack,
    registrar::Registrar,
    stage::{Shown, Stage, TooLate},
};
use crate::seats::{
    listener::Listener,
    player::{Player, Sitter},
    table::At,
};

/// Until this tick somebody who comes gets a goat: half a minute, in which nobody has lost too much yet.
pub const JOIN_UNTIL: u32 = 600;

/// Who is in one match, and how far it is.
pub struct Room {
    /// Which match.
    pub id: MatchId,
    /// On which server.
    server: ServerId,
    /// How it is played.
    pub config: MatchesConfig,
    stage: Mutex<Stage>,
    claims: Arc<Claims>,
    /// Somebody has come or gone.
    changed: Arc<Notify>,
    /// What has happened on this server.
    pub counters: Arc<Counters>,
    /// Who has to know what becomes of its seats.
    pub registrar: Arc<dyn Registrar>,
}

/// What is told of a match to whoever asks.
#[derive(Serialize)]
pub struct Overview {
    id: MatchId,
    #[serde(rename = "match")]
    number: u16,
    phase: &'static str,
    tick: Option<u32>,
    seats: Vec<SeatHolder>,
    watchers: usize,
}

impl Room {
    /// A room with nobody in it.
    #[must_use]
    pub fn new(
        id: MatchId,
        server: &ServerId,
        config: &MatchesConfig,
        counters: &Arc<Counters>,
        registrar: &Arc<dyn Registrar>,
    ) -> Room {
        let changed = Arc::default();
        Room {
            id,
            server: server.clone(),
            config: config.clone(),
            stage: Mutex::new(Stage::new(config)),
            claims: Claims::new(config.seats.into(), &changed),
            changed,
            counters: Arc::clone(counters),
            registrar: Arc::clone(registrar),
        }
    }

    /// Notes that a ticket for a seat is being looked at, so that the directory does not take the seat for one that nobody has. None if there
    /// is no such seat.
    pub fn claim(&self, seat: usize) -> Option<Claim> {
        self.claims.claim(seat)
    }

    /// Seats a player, in place of who sat there before.
    ///
    /// # Errors
    /// When there is nothing left to take part in.
    pub fn sit_down(
        &self,
        seat: usize,
        sitter: Sitter,
        listener: &Arc<dyn Listener>,
    ) -> Result<At, TooLate> {
        // There are at most 8.
        let welcome = |token| self.welcome(Some((seat as u8, token)));
        let at = self.stage().sit_down(seat, sitter, listener, welcome)?;
        self.changed.notify_one();
        Ok(at)
    }

    /// Lets a player come back to a seat on another socket.
    ///
    /// # Errors
    /// When the token does not open this seat.
    pub fn resume(
        &self,
        seat: u8,
        token: ResumeToken,
        listener: &Arc<dyn Listener>,
    ) -> Result<At, NoWayBack> {
        let welcome = |token| self.welcome(Some((seat, token)));
        let at = self.stage().resume(seat.into(), token, listener, welcome)?;
        self.changed.notify_one();
        Ok(at)
    }

    /// Lets somebody watch.
    pub fn watch(&self, listener: &Arc<dyn Listener>) -> At {
        let welcome = self.welcome(None);
        let at = self.stage().watch(listener, &welcome);
        self.changed.notify_one();
        at
    }

    /// Somebody's socket has ended.
    pub fn hang_up(&self, at: At) {
        self.stage().hang_up(at, Instant::now());
        self.changed.notify_one();
    }

    /// Does what has to be done about those who are away. It has to be called again and again.
    pub fn look_for_absent(&self) {
        let gone = self.stage().look_for_absent(Instant::now());
        for (seat, sitter) in &gone {
            self.registrar.freed(self.held(*seat, sitter), false);
        }
    }

    /// A player has to leave, because by the directory the seat is not this player's any more.
    pub fn evict(&self, seat: u8, nonce: Nonce) {
        let evicted = self.stage().stand_up(seat.into(), nonce);
        if let Some(player) = evicted {
            player.end(CloseReason::GivenUp);
            self.changed.notify_one();
        }
    }

    /// A player does something, and has seen a tick, given by its lower bits.
    pub fn hear(&self, on: (usize, u64), input: (u16, Input), seen: u16) {
        let taken = self.stage().hear(on, input, seen, Instant::now());
        self.counters.count(taken);
    }

    /// What is told to whoever asks.
    #[must_use]
    pub fn overview(&self) -> Overview {
        let stage = self.stage();
        Overview {
            id: self.id.clone(),
            number: stage.number,
            phase: stage.phase.name(),
            tick: stage.phase.view().map(|view| view.tick),
            seats: stage.holders(),
            watchers: stage.table.watchers(),
        }
    }

    /// What the directory has to know; nothing of a match that is over.
    #[must_use]
    pub fn report(&self) -> Option<MatchReport> {
        let mut stage = self.stage();
        if stage.is_settled {
            return None;
        }
        let open = stage.phase.view().is_none_or(|view| view.tick < JOIN_UNTIL);
        // Seats are at most 8.
        let out = stage.out().map(|seat| seat as u8).collect();
        let seats = stage.table.seats();
        let sits = |(seat, player): (usize, &mut Option<Player>)| {
            let player = player.as_ref().filter(|player| !player.is_out)?;
            Some(self.held(seat, &player.sitter))
        };
        Some(MatchReport {
            id: self.id.clone(),
            open,
            taken: seats.filter_map(sits).collect(),
            claiming: self.claims.seats(),
            out,
        })
    }

    /// Waits until somebody has come or gone since the last call.
    pub async fn changed(&self) {
        self.changed.notified().await;
    }

    /// Whether a ticket for it is being looked at.
    #[must_use]
    pub fn is_claimed(&self) -> bool {
        self.claims.any()
    }

    /// When somebody who is away was waited for long enough.
    #[must_use]
    pub fn next_overdue(&self) -> Option<Instant> {
        self.stage().table.next_overdue()
    }

    /// Whether no player has a seat.
    #[must_use]
    pub fn is_deserted(&self) -> bool {
        self.stage().table.taken() == 0
    }

    /// Whether nobody looks on, or is waited for.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.stage().table.is_empty()
    }

    /// Whether players have all seats.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.stage().table.taken() == usize::from(self.config.seats)
    }

    /// Whether there is nothing left to take part in.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.stage().is_settled
    }

    /// The match gathers, and is the one of this number on this server.
    pub fn gather(&self, number: u16, starts_at: Instant) {
        self.stage().gather(number, starts_at);
    }

    /// The match that has gathered begins.
    pub fn begin(&self, state: &State) {
        self.counters.matches.add(1);
        let shown = self.stage().begin(state);
        self.count(&shown);
    }

    /// What each seat does in this tick, which is the next one, with nothing for those of bots. None if there is no player any more.
    #[must_use]
    pub fn take_inputs(&self, tick: u32) -> Option<Vec<Option<Input>>> {
        self.stage().take_inputs(tick)
    }

    /// The match has got to this state.
    pub fn show(&self, state: &State) {
        self.counters.ticks.add(1);
        let shown = self.stage().show(state);
        self.count(&shown);
        for (seat, sitter) in &shown.out {
            self.registrar.freed(self.held(*seat, sitter), true);
        }
        if shown.somebody_is_out || state.tick == JOIN_UNTIL {
            self.registrar.changed();
        }
    }

    /// The match has ended, and nobody is told yet. Gives its last tick.
    pub fn settle(&self) -> u32 {
        let mut stage = self.stage();
        stage.is_settled = true;
        stage.phase.view().map_or(0, |view| view.tick)
    }

    /// The match has ended with a result, and its sockets are closed at `closes_at`.
    pub fn end(&self, winner: Option<u8>, closes_at: Instant) {
        self.stage().end(winner, closes_at);
    }

    /// The match has ended without a result, for this reason: a word for programs, and a sentence.
    pub fn cancel(&self, why: (&'static str, &'static str)) {
        self.stage().cancel(why);
    }

    /// Has all sockets of this match closed.
    pub fn close(&self) {
        self.stage().table.end(CloseReason::MatchOver);
    }

    fn welcome(&self, player: Option<(u8, ResumeToken)>) -> Utf8Bytes {
        frames::welcome(&self.server, &self.id, player, &self.config)
    }

    fn held(&self, seat: usize, sitter: &Sitter) -> HeldSeat {
        HeldSeat {
            id: self.id.clone(),
            // There are at most 8.
            seat: seat as u8,
            player: sitter.player,
            nonce: sitter.nonce,
        }
    }

    fn count(&self, shown: &Shown) {
        self.counters.snapshots.add(shown.shown);
        self.counters.snapshot_bytes.add(shown.shown * shown.bytes);
        self.counters.snapshots_withheld.add(shown.withheld);
    }

    fn stage(&self) -> MutexGuard<'_, Stage> {
        self.stage.lock()
    }
}
