//! Who is here, what goes on, and what everybody is told of both.

use std::sync::Arc;

use axum::{body::Bytes, extract::ws::Utf8Bytes};
use game::{Input, State, snapshot};
use protocol::game::SeatHolder;
use tokio::time::Instant;

use super::{
    frames,
    phase::{Phase, View},
};
use crate::seats::{
    listener::Listener,
    player::Player,
    table::{At, Table},
    window::Window,
};

/// Who is here, and what goes on.
pub struct Stage {
    /// Who is here.
    pub table: Table,
    /// What goes on.
    pub phase: Phase,
    /// The match that gathers, is played or was played last; 0 before the first. Behind 65,535 comes 0.
    pub number: u16,
    tick_rate: u32,
}

/// How many were shown a snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shown {
    /// Those who were.
    pub shown: u64,
    /// Those who were not, because they see nothing.
    pub withheld: u64,
    /// The snapshot's length, in bytes.
    pub bytes: u64,
}

impl Stage {
    /// Nobody is here.
    #[must_use]
    pub fn new(seats: u8, tick_rate: u32) -> Stage {
        Stage {
            table: Table::new(seats.into()),
            phase: Phase::Idle,
            number: 0,
            tick_rate,
        }
    }

    /// Who plays the goat of each seat.
    #[must_use]
    pub fn holders(&self) -> Vec<SeatHolder> {
        self.table.holders(match self.phase {
            Phase::Idle | Phase::Gathering { .. } => SeatHolder::Free,
            Phase::Playing(_) | Phase::Over { .. } | Phase::Failed => SeatHolder::Bot,
        })
    }

    /// Gives a player a seat, and tells everybody. None if all are taken.
    pub fn sit_down(&mut self, listener: &Arc<dyn Listener>) -> Option<At> {
        let lives = match &self.phase {
            Phase::Playing(view) => Some(&*view.lives),
            _ => None,
        };
        let tick = self.phase.view().map_or(0, |view| view.tick);
        let player = Player::new(Arc::clone(listener), self.tick_rate, tick);
        let seat = self.table.sit_down(player, lives)?;
        let at = At::Seat(seat);
        self.tell_newcomer(listener.as_ref());
        if self.waits(seat) {
            listener.tell(&frames::waiting(self.number.wrapping_add(1)));
        }
        self.tell_seats(Some(at));
        Some(at)
    }

    /// Lets somebody watch.
    pub fn watch(&mut self, listener: &Arc<dyn Listener>) -> At {
        self.tell_newcomer(listener.as_ref());
        At::Watching(self.table.watch(Arc::clone(listener)))
    }

    /// Somebody leaves. A player's goat is a bot's from now on.
    pub fn leave(&mut self, at: At) {
        self.table.leave(at);
        if matches!(at, At::Seat(_)) {
            self.tell_seats(None);
        }
    }

    /// The next match gathers.
    pub fn gather(&mut self, starts_at: Instant) {
        self.number = self.number.wrapping_add(1);
        self.phase = Phase::Gathering { starts_at };
        self.tell_seats(None);
    }

    /// The match that has gathered begins.
    pub fn begin(&mut self, state: &State) -> Shown {
        for player in self.table.players() {
            player.inputs.begin();
            player.window = Window::new(self.tick_rate, state.tick);
        }
        let started = frames::started(self.number, self.table.holders(SeatHolder::Bot));
        self.table.tell(&started, None);
        self.show(state)
    }

    /// What each seat does in this tick, with nothing for those of bots. None if there is no player any more.
    pub fn take_inputs(&mut self) -> Option<Vec<Option<Input>>> {
        (self.table.taken() > 0).then(|| self.table.take_inputs())
    }

    /// Shows everybody a state: it becomes bytes once, and everybody is given the same ones.
    pub fn show(&mut self, state: &State) -> Shown {
        let last_inputs = self.table.last_inputs();
        let snapshot = Bytes::from(snapshot::encode(state, self.number, &last_inputs));
        let (shown, withheld) = self.table.show(&snapshot, state.tick);
        let bytes = snapshot.len() as u64;
        self.phase = Phase::Playing(View {
            tick: state.tick,
            lives: state.goats.iter().map(|goat| goat.lives).collect(),
            snapshot,
        });
        Shown {
            shown,
            withheld,
            bytes,
        }
    }

    /// The match has ended with a result.
    pub fn end(&mut self, winner: Option<u8>, next_at: Instant) {
        let Some(view) = self.phase.view().cloned() else {
            return;
        };
        let result = frames::result(self.number, winner, next_at);
        self.phase = Phase::Over {
            winner,
            next_at,
            view,
        };
        self.table.tell(&result, None);
    }

    /// The match has ended without a result.
    pub fn cancel(&mut self, phase: Phase, why: (&str, &str)) {
        self.phase = phase;
        let cancelled = frames::cancelled(self.number, why);
        self.table.tell(&cancelled, None);
    }

    /// Whether the goat of a seat takes part in the next match only.
    fn waits(&self, seat: usize) -> bool {
        match &self.phase {
            Phase::Idle | Phase::Gathering { .. } => false,
            Phase::Playing(view) => view.lives.get(seat) == Some(&0),
            Phase::Over { .. } | Phase::Failed => true,
        }
    }

    /// Tells who has just come what goes on.
    fn tell_newcomer(&self, listener: &dyn Listener) {
        match &self.phase {
            Phase::Idle | Phase::Failed => {}
            Phase::Gathering { .. } => listener.tell(&self.gathering_or_seats()),
            Phase::Playing(view) => {
                listener.tell(&frames::started(self.number, self.holders()));
                listener.show(&view.snapshot);
            }
            Phase::Over {
                winner,
                next_at,
                view,
            } => {
                listener.show(&view.snapshot);
                listener.tell(&frames::result(self.number, *winner, *next_at));
            }
        }
    }

    /// Tells everybody but one who has which seat by now, where that matters.
    fn tell_seats(&self, but: Option<At>) {
        if matches!(self.phase, Phase::Gathering { .. } | Phase::Playing(_)) {
            self.table.tell(&self.gathering_or_seats(), but);
        }
    }

    fn gathering_or_seats(&self) -> Utf8Bytes {
        match self.phase {
            Phase::Gathering { starts_at } => {
                frames::gathering(self.number, starts_at, self.holders())
            }
            _ => frames::seats(self.number, self.holders()),
        }
    }
}
