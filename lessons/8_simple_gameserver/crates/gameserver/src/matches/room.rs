//! What the sockets, the match and whoever asks have in common.
//!
//! Nobody waits while it is locked. The process has one thread, so nobody waits for the lock, either.

use std::sync::Arc;

use game::{Input, State};
use parking_lot::{Mutex, MutexGuard};
use protocol::game::{Role, SeatHolder};
use serde::Serialize;
use tokio::{sync::Notify, time::Instant};

use super::{
    config::MatchesConfig,
    counters::Counters,
    phase::Phase,
    stage::{Shown, Stage},
};
use crate::seats::{inputs::Taken, listener::Listener, table::At};

/// Who is here, and what is played.
pub struct Room {
    stage: Mutex<Stage>,
    /// Somebody has come or gone.
    changed: Notify,
    /// How many seats there are: 2 to 8.
    pub seats: u8,
    /// Ticks in a second.
    pub tick_rate: u32,
    /// What has happened here.
    pub counters: Counters,
}

/// What is told of the room to whoever asks.
#[derive(Serialize)]
pub struct Overview {
    #[serde(rename = "match")]
    number: u16,
    phase: &'static str,
    tick: Option<u32>,
    tick_rate: u32,
    seats: Vec<SeatHolder>,
    watchers: usize,
}

impl Room {
    /// A room with nobody in it.
    #[must_use]
    pub fn new(config: &MatchesConfig) -> Room {
        Room {
            stage: Mutex::new(Stage::new(config.seats, config.tick_rate)),
            changed: Notify::new(),
            seats: config.seats,
            tick_rate: config.tick_rate,
            counters: Counters::default(),
        }
    }

    /// Gives somebody who comes a seat, or a place to watch from. None if a player wants a seat and all are taken.
    pub fn enter(&self, role: Role, listener: &Arc<dyn Listener>) -> Option<At> {
        let at = match role {
            Role::Watcher => Some(self.stage().watch(listener)),
            Role::Player => self.stage().sit_down(listener),
        };
        match at {
            Some(_) => self.changed.notify_one(),
            None => self.counters.refused_full.add(1),
        }
        at
    }

    /// Somebody leaves.
    pub fn leave(&self, at: At) {
        self.stage().leave(at);
        self.changed.notify_one();
    }

    /// A player does something, and has seen a tick, given by its lower bits.
    pub fn hear(&self, seat: usize, number: u16, input: Input, seen: u16) {
        let mut stage = self.stage();
        let now = stage.phase.view().map(|view| view.tick);
        let Some(player) = stage.table.player(seat) else {
            return;
        };
        let taken = player.inputs.push(number, input);
        self.counters.count(taken);
        if let Some(now) = now
            && taken != Taken::Stale
        {
            player.window.see(seen, now);
        }
    }

    /// What is told to whoever asks.
    #[must_use]
    pub fn overview(&self) -> Overview {
        let stage = self.stage();
        Overview {
            number: stage.number,
            phase: stage.phase.name(),
            tick: stage.phase.view().map(|view| view.tick),
            tick_rate: self.tick_rate,
            seats: stage.holders(),
            watchers: stage.table.watchers(),
        }
    }

    /// Waits until somebody has come or gone since the last call.
    pub async fn changed(&self) {
        self.changed.notified().await;
    }

    /// Whether there is no player.
    #[must_use]
    pub fn is_deserted(&self) -> bool {
        self.stage().table.taken() == 0
    }

    /// Whether players have all seats.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.stage().table.taken() == usize::from(self.seats)
    }

    /// The next match gathers. Gives its number.
    pub fn gather(&self, starts_at: Instant) -> u16 {
        let mut stage = self.stage();
        stage.gather(starts_at);
        stage.number
    }

    /// The match that has gathered begins.
    pub fn begin(&self, state: &State) {
        self.counters.matches.add(1);
        let shown = self.stage().begin(state);
        self.count(shown);
    }

    /// What each seat does in the next tick, with nothing for those of bots. None if there is no player any more.
    #[must_use]
    pub fn take_inputs(&self) -> Option<Vec<Option<Input>>> {
        self.stage().take_inputs()
    }

    /// The match has got to this state.
    pub fn show(&self, state: &State) {
        self.counters.ticks.add(1);
        let shown = self.stage().show(state);
        self.count(shown);
    }

    /// The match has ended with a result. The next one gathers at `next_at`.
    pub fn end(&self, winner: Option<u8>, next_at: Instant) {
        self.stage().end(winner, next_at);
    }

    /// The match has ended without a result.
    pub fn cancel(&self, phase: Phase, why: (&str, &str)) {
        self.stage().cancel(phase, why);
    }

    /// Nobody wants to play any more.
    pub fn rest(&self) {
        self.stage().phase = Phase::Idle;
    }

    fn count(&self, shown: Shown) {
        self.counters.snapshots.add(shown.shown);
        self.counters.snapshot_bytes.add(shown.shown * shown.bytes);
        self.counters.snapshots_withheld.add(shown.withheld);
    }

    fn stage(&self) -> MutexGuard<'_, Stage> {
        self.stage.lock()
    }
}
