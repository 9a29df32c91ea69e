//! Who is here and who is away, and how they come back.

use std::sync::Arc;

use axum::extract::ws::Utf8Bytes;
use game::Input;
use protocol::game::{ResumeToken, SeatHolder};
use tokio::time::Instant;

use super::{phase::Phase, stage::Stage};
use crate::seats::{inputs::Taken, listener::Listener, player::Sitter, table::At};

/// Why nobody can come back to a seat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoWayBack {
    /// The token is not one of this seat, or not one any more.
    Refused,
    /// Nobody has the seat.
    Lost,
    /// The match goes on on another server.
    Moved,
}

impl Stage {
    /// Lets a player come back to a seat on another socket, who is told `welcome` before all else. The older socket has to go, if it is still
    /// there.
    ///
    /// # Errors
    /// When the token does not open this seat.
    pub fn resume(
        &mut self,
        seat: usize,
        token: ResumeToken,
        listener: &Arc<dyn Listener>,
        welcome: impl FnOnce(ResumeToken) -> Utf8Bytes,
    ) -> Result<At, NoWayBack> {
        if self.is_halted {
            return Err(NoWayBack::Moved);
        }
        let line = self.table.line(listener);
        let at = At::Seat(seat, line.number);
        let window = self.window();
        let player = self.table.player(seat).ok_or(NoWayBack::Lost)?;
        if !player.tokens.accept(token) {
            return Err(NoWayBack::Refused);
        }
        let before = player.holder();
        player.come_back(line, window);
        listener.tell(&welcome(player.tokens.offered()));
        self.tell_newcomer(listener.as_ref());
        if before != SeatHolder::Player {
            self.tell_seats(Some(seat));
        }
        Ok(at)
    }

    /// A socket has ended. If it was a player's newest one, the player is away from now on.
    pub fn hang_up(&mut self, at: At, now: Instant) {
        let until = now + self.grace;
        match at {
            At::Watching(number) => self.table.stop_watching(number),
            At::Seat(seat, socket) => {
                if let Some(player) = self.table.player_on(seat, socket) {
                    player.lose_line(until);
                    self.tell_seats(None);
                }
            }
        }
    }

    /// A player does something, and has seen a tick, given by its lower bits. On a socket that another has replaced it counts for nothing.
    pub fn hear(
        &mut self,
        (seat, socket): (usize, u64),
        (number, input): (u16, Input),
        seen: u16,
        now: Instant,
    ) -> Taken {
        let tick = self.phase.view().map(|view| view.tick);
        let Some(player) = self.table.player_on(seat, socket) else {
            return Taken::Stale;
        };
        let (taken, was_away) = player.hear(number, input, now);
        if let Some(tick) = tick
            && taken != Taken::Stale
        {
            player.window.see(seen, tick);
        }
        if was_away {
            self.tell_seats(None);
        }
        taken
    }

    /// Looks who says nothing, and who is away for too long. Before the match such a player gives the seat back, and is in the answer; while it
    /// is played a bot takes over.
    pub fn look_for_absent(&mut self, now: Instant) -> Vec<(usize, Sitter)> {
        let is_played = matches!(self.phase, Phase::Playing(_));
        let (mut gone, mut is_changed) = (Vec::new(), false);
        for (seat, place) in self.table.seats() {
            let Some(player) = place else {
                continue;
            };
            is_changed |= is_played && player.faint_if_silent(now, self.grace);
            if player.is_overdue(now) {
                is_changed = true;
                if is_played {
                    player.replace();
                } else {
                    gone.push((seat, player.sitter.clone()));
                    *place = None;
                }
            }
        }
        if is_changed {
            self.tell_seats(None);
        }
        gone
    }
}
