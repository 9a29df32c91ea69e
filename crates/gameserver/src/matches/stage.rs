//! Who is here, what goes on, and what everybody is told of both.

use std::{sync::Arc, time::Duration};

use axum::{body::Bytes, extract::ws::Utf8Bytes};
use game::{Input, State, snapshot};
use matches::Nonce;
use protocol::{
    CloseReason,
    game::{ResumeToken, SeatHolder},
};
use tokio::time::Instant;

use super::{
    config::MatchesConfig,
    frames::{self, Roster},
    phase::{Phase, View},
};
use crate::seats::{
    listener::Listener,
    player::{Player, Sitter},
    table::{At, Table},
    window::Window,
};

/// Who is here, and what goes on.
pub struct Stage {
    /// Who is here.
    pub table: Table,
    /// What goes on.
    pub phase: Phase,
    /// The match's number on this server; 0 before it gathers. Behind 65,535 comes 0.
    pub number: u16,
    /// What the bots of the match go by; 0 before it gathers.
    pub seed: u32,
    /// The match at its last tick; none before the first.
    pub state: Option<State>,
    /// The match has ended. As soon as the directory knows it everybody is told.
    pub is_settled: bool,
    /// The end is known, and was told.
    pub is_recorded: bool,
    /// The match may be another server's, so nobody is told anything until it is known whose it is.
    pub is_still: bool,
    /// The match is another server's, or will be in a moment. Nothing more happens to it here.
    pub is_halted: bool,
    /// The match is played to its end, though nobody has a seat in it. `Room::go_on_from` says when.
    pub is_played_out: bool,
    tick_rate: u32,
    /// How long a player may be away.
    pub grace: Duration,
}

/// Why nobody can sit down any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TooLate {
    /// The match is over.
    Over,
    /// The seat's goat has no lives left, or there is no such seat.
    Out,
    /// The match goes on on another server.
    Moved,
}

/// What has come of showing a state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// How many were shown it.
    pub shown: u64,
    /// How many were not, because they see nothing.
    pub withheld: u64,
    /// The snapshot's length, in bytes.
    pub bytes: u64,
    /// Whether a goat has lost its last life.
    pub somebody_is_out: bool,
    /// The players whose goats these are.
    pub out: Vec<(usize, Sitter)>,
}

impl Stage {
    /// Nobody is here.
    #[must_use]
    pub fn new(config: &MatchesConfig) -> Stage {
        Stage {
            table: Table::new(config.seats.into()),
            phase: Phase::Idle,
            number: 0,
            seed: 0,
            state: None,
            is_settled: false,
            is_recorded: false,
            is_still: false,
            is_halted: false,
            is_played_out: false,
            tick_rate: config.tick_rate,
            grace: config.grace,
        }
    }

    /// Who plays the goat of each seat.
    #[must_use]
    pub fn holders(&self) -> Vec<SeatHolder> {
        self.table.holders(match self.phase {
            Phase::Idle | Phase::Gathering { .. } => SeatHolder::Free,
            Phase::Playing(_) | Phase::Over { .. } | Phase::Cancelled(..) => SeatHolder::Bot,
        })
    }

    /// The seats whose goats have no lives left.
    pub fn out(&self) -> impl Iterator<Item = usize> {
        let lives = self.phase.view().map_or(&[][..], |view| &view.lives);
        let lives = lives.iter().enumerate();
        lives
            .filter(|(_, lives)| **lives == 0)
            .map(|(seat, _)| seat)
    }

    /// Seats a player, who is told `welcome` before all else, and tells everybody. Whoever sat there before is told, too, and has to go; nobody
    /// comes back by what they were given.
    ///
    /// # Errors
    /// When there is nothing left to take part in.
    pub fn sit_down(
        &mut self,
        seat: usize,
        sitter: Sitter,
        listener: &Arc<dyn Listener>,
        welcome: impl FnOnce(ResumeToken) -> Utf8Bytes,
    ) -> Result<At, TooLate> {
        if self.is_halted {
            return Err(TooLate::Moved);
        }
        if self.is_settled {
            return Err(TooLate::Over);
        }
        if seat >= self.table.len() || self.out().any(|out| out == seat) {
            return Err(TooLate::Out);
        }
        let line = self.table.line(listener);
        let at = At::Seat(seat, line.number);
        let player = Player::new(sitter, line, self.window());
        listener.tell(&welcome(player.tokens.offered()));
        if let Some(before) = self.table.sit_down(seat, player) {
            before.end(CloseReason::Replaced);
        }
        self.tell_newcomer(listener.as_ref());
        self.tell_seats(Some(seat));
        Ok(at)
    }

    /// Lets somebody watch, who is told `welcome` before all else.
    pub fn watch(&mut self, listener: &Arc<dyn Listener>, welcome: &Utf8Bytes) -> At {
        listener.tell(welcome);
        self.tell_newcomer(listener.as_ref());
        let line = self.table.line(listener);
        let at = At::Watching(line.number);
        self.table.watch(line);
        at
    }

    /// A player gives the seat up, and the goat is a bot's from now on. Nobody does if somebody else has come to the seat meanwhile.
    pub fn stand_up(&mut self, seat: usize, nonce: Nonce) -> Option<Player> {
        let player = self.table.stand_up(seat, nonce);
        if player.is_some() {
            self.tell_seats(None);
        }
        player
    }

    /// The match gathers.
    pub fn gather(&mut self, (number, seed): (u16, u32), starts_at: Instant) {
        self.number = number;
        self.seed = seed;
        self.phase = Phase::Gathering { starts_at };
        self.tell_seats(None);
    }

    /// The match that has gathered begins.
    pub fn begin(&mut self, state: &State) -> Shown {
        for player in self.table.players() {
            player.begin(Window::new(self.tick_rate, state.tick));
        }
        let roster = self.roster(SeatHolder::Bot);
        self.table.tell(&frames::started(self.number, roster), None);
        self.show(state)
    }

    /// What each seat does in this tick, with nothing for those of bots. None if there is no player any more.
    pub fn take_inputs(&mut self, tick: u32) -> Option<Vec<Option<Input>>> {
        let is_in_play = self.is_played_out || self.table.is_in_play();
        is_in_play.then(|| self.table.take_inputs(tick))
    }

    /// Shows everybody a state: it becomes bytes once, and everybody is given the same ones.
    pub fn show(&mut self, state: &State) -> Shown {
        let last_inputs = self.table.last_inputs();
        let snapshot = Bytes::from(snapshot::encode(state, self.number, &last_inputs));
        let (shown, withheld) = self.table.show(&snapshot, state.tick);
        let bytes = snapshot.len() as u64;
        self.state = Some(state.clone());
        let out_before = self.out().count();
        self.phase = Phase::Playing(View {
            tick: state.tick,
            lives: state.goats.iter().map(|goat| goat.lives).collect(),
            snapshot,
        });
        let somebody_is_out = self.out().count() > out_before;
        Shown {
            shown,
            withheld,
            bytes,
            somebody_is_out,
            out: self.note_who_is_out(somebody_is_out),
        }
    }

    /// The match has ended with a result.
    pub fn end(&mut self, winner: Option<u8>, closes_at: Instant) {
        self.is_recorded = true;
        let Some(view) = self.phase.view().cloned() else {
            return;
        };
        let result = frames::result(self.number, winner, closes_at);
        self.phase = Phase::Over {
            winner,
            closes_at,
            view,
        };
        self.table.tell(&result, None);
    }

    /// The match has ended without a result.
    pub fn cancel(&mut self, why: (&'static str, &'static str)) {
        self.is_recorded = true;
        self.phase = Phase::Cancelled(why.0, why.1);
        self.table.tell(&frames::cancelled(self.number, why), None);
    }

    /// The players who have lost their last life just now.
    pub(super) fn note_who_is_out(&mut self, somebody_is_out: bool) -> Vec<(usize, Sitter)> {
        let mut newly_out = Vec::new();
        if let (Phase::Playing(view), true) = (&self.phase, somebody_is_out) {
            for (seat, player) in self.table.seats() {
                if let Some(player) = player
                    && !player.is_out
                    && view.lives.get(seat) == Some(&0)
                {
                    player.is_out = true;
                    newly_out.push((seat, player.sitter.clone()));
                }
            }
        }
        newly_out
    }

    /// Tells who has just come what goes on.
    pub fn tell_newcomer(&self, listener: &dyn Listener) {
        match &self.phase {
            Phase::Idle => {}
            Phase::Gathering { .. } => listener.tell(&self.gathering_or_seats()),
            Phase::Playing(view) => {
                let roster = self.roster(SeatHolder::Bot);
                listener.tell(&frames::started(self.number, roster));
                listener.show(&view.snapshot);
            }
            Phase::Over {
                winner,
                closes_at,
                view,
            } => {
                listener.show(&view.snapshot);
                listener.tell(&frames::result(self.number, *winner, *closes_at));
            }
            Phase::Cancelled(code, why) => {
                listener.tell(&frames::cancelled(self.number, (code, why)));
            }
        }
    }

    /// Tells everybody who has which seat by now, where that matters, but not who sits on the seat `but`.
    pub fn tell_seats(&self, but: Option<usize>) {
        let is_told = matches!(self.phase, Phase::Gathering { .. } | Phase::Playing(_));
        if is_told && !self.is_still && !self.is_halted {
            self.table.tell(&self.gathering_or_seats(), but);
        }
    }

    fn gathering_or_seats(&self) -> Utf8Bytes {
        match self.phase {
            Phase::Gathering { starts_at } => {
                frames::gathering(self.number, starts_at, self.roster(SeatHolder::Free))
            }
            _ => frames::seats(self.number, self.roster(SeatHolder::Bot)),
        }
    }

    /// What somebody has seen who comes now: nothing that was before.
    #[must_use]
    pub fn window(&self) -> Window {
        let tick = self.phase.view().map_or(0, |view| view.tick);
        Window::new(self.tick_rate, tick)
    }

    fn roster(&self, others: SeatHolder) -> Roster {
        Roster {
            seats: self.table.holders(others),
            names: self.table.names(),
        }
    }
}
