//! Whose a match is: what the directory knows of it, what is kept of it for others, when it has to stand still, and how it gets from one
//! server to another.
//!
//! A server may believe that a match is its own and be wrong: it stood still for some seconds, and another one has taken the match over. So
//! it asks itself before each tick whether it can be sure. While it can't, it does nothing that anybody could see.

use matches::{Checkpoint, HeldSeat, MatchReport, TakenOver};
use protocol::CloseReason;
use tokio::time::Instant;

use super::{
    checkpoint::{self, Saved, SavedSeat, VERSION},
    phase::Phase,
    room::{JOIN_UNTIL, Room},
    stage::Stage,
};
use crate::seats::player::{Player, Sitter};

/// What may be done with a match now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// It goes on.
    Play,
    /// Nobody knows whose it is.
    HoldStill,
    /// It is another server's.
    Moved,
}

impl Room {
    /// What may be done with the match now. It has to be asked each time before something is done.
    #[must_use]
    pub fn turn(&self) -> Turn {
        let mut stage = self.stage();
        if stage.is_halted {
            return Turn::Moved;
        }
        if !self.registrar.is_live() {
            return Turn::HoldStill;
        }
        if stage.is_still {
            stage.is_still = false;
            // Who has come or gone meanwhile nobody was told.
            stage.tell_seats(None);
        }
        Turn::Play
    }

    /// What the directory has to know; nothing of a match of whose end it knows.
    #[must_use]
    pub fn report(&self) -> Option<MatchReport> {
        let mut stage = self.stage();
        if stage.is_recorded {
            return None;
        }
        let takes = !stage.is_settled && !stage.is_halted;
        let open = takes && stage.phase.view().is_none_or(|view| view.tick < JOIN_UNTIL);
        // Seats are at most 8.
        let out = stage.out().map(|seat| seat as u8).collect();
        let seats = stage.table.seats();
        let sits = |(seat, player): (usize, &mut Option<Player>)| {
            let player = player.as_ref().filter(|player| !player.is_out)?;
            Some(self.held(seat, &player.sitter))
        };
        Some(MatchReport {
            id: self.id.clone(),
            epoch: self.epoch,
            open,
            taken: seats.filter_map(sits).collect(),
            claiming: self.claims.seats(),
            out,
        })
    }

    /// Whether the match is another server's, or will be in a moment.
    #[must_use]
    pub fn is_halted(&self) -> bool {
        self.stage().is_halted
    }

    /// The match is another server's: nothing more happens to it here, and whoever is here has to ask where it is.
    pub fn fence(&self) {
        let mut stage = self.stage();
        stage.is_halted = true;
        stage.table.end(CloseReason::Moved);
        drop(stage);
        self.wake();
    }

    /// Stops the match between two ticks, and gives it as it stands; nothing of one that has not begun to gather.
    #[must_use]
    pub fn halt(&self) -> Option<Checkpoint> {
        self.stage().is_halted = true;
        self.wake();
        self.checkpoint()
    }

    /// The match as it stands; nothing of one that is over, or has not begun to gather.
    #[must_use]
    pub fn checkpoint(&self) -> Option<Checkpoint> {
        let mut stage = self.stage();
        let is_there = matches!(stage.phase, Phase::Gathering { .. } | Phase::Playing(_));
        if stage.is_settled || !is_there {
            return None;
        }
        let saved = Saved {
            number: stage.number,
            seed: stage.seed,
            state: stage.state.clone(),
            seats: saved_seats(&mut stage),
        };
        Some(Checkpoint {
            version: VERSION,
            tick: saved.state.as_ref().map_or(0, |state| state.tick),
            bytes: checkpoint::write(&self.id, &saved),
        })
    }

    /// The same, if the directory has not got it yet.
    #[must_use]
    pub fn new_checkpoint(&self) -> Option<Checkpoint> {
        let checkpoint = self.checkpoint()?;
        (checkpoint.bytes != *self.kept.lock()).then_some(checkpoint)
    }

    /// The directory has this checkpoint.
    pub fn keep(&self, checkpoint: &Checkpoint) {
        self.kept.lock().clone_from(&checkpoint.bytes);
    }

    /// The match was another server's until now. Whoever sat there is waited for as if they had gone away a moment ago.
    pub fn go_on_from(&self, saved: &Saved, taken: &TakenOver) {
        let until = Instant::now() + self.config.grace;
        let mut stage = self.stage();
        stage.number = saved.number;
        stage.seed = saved.seed;
        if let Some(state) = &saved.state {
            // Nobody is here who could see it.
            stage.show(state);
        }
        // Then the server before has played it for those who are out, and looked on. They have no seat to come back to, but it is still their match.
        stage.is_played_out = saved.state.is_some() && taken.seats.is_empty();
        for held in &taken.seats {
            let player = Player::awaited(sitter(saved, held), stage.window(), until);
            stage.table.sit_down(held.seat.into(), player);
        }
        let out = stage.note_who_is_out(true);
        drop(stage);
        // The server before may have ended before it could say so.
        for (seat, sitter) in &out {
            self.registrar.freed(self.held(*seat, sitter), true);
        }
    }
}

fn saved_seats(stage: &mut Stage) -> Vec<Option<SavedSeat>> {
    let seats = stage.table.seats();
    let saved = seats.map(|(_, player)| {
        let sitter = &player.as_ref()?.sitter;
        Some(SavedSeat {
            player: sitter.player,
            name: sitter.name.clone(),
            nonce: sitter.nonce,
        })
    });
    saved.collect()
}

/// Who sits there by the directory, which knows it better, and is called so by the checkpoint, which alone knows that.
fn sitter(saved: &Saved, held: &HeldSeat) -> Sitter {
    let seats = saved.seats.iter().flatten();
    let mut names = seats.filter(|seat| seat.player == held.player);
    let name = names.next().map(|seat| seat.name.clone());
    Sitter {
        player: held.player,
        // Who came after the last checkpoint.
        name: name.unwrap_or_else(|| "a goat".to_owned()),
        nonce: held.nonce,
    }
}
