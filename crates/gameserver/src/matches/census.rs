//! How many matches, players and free seats there are on this server.

use super::{phase::Phase, room::JOIN_UNTIL, rooms::Rooms, stage::Stage};

/// How many matches, players and free seats there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Census {
    /// Matches that have not begun.
    pub gathering: u64,
    /// Matches that are played.
    pub playing: u64,
    /// Matches whose result is shown.
    pub over: u64,
    /// Players who have a seat in a match that is not over.
    pub players: u64,
    /// Seats that somebody could have: those of open matches, and those of matches for which there is room.
    pub free_seats: u64,
}

impl Rooms {
    /// What there is at this moment.
    #[must_use]
    pub fn census(&self) -> Census {
        let mut census = Census::default();
        for room in self.all() {
            census.add(&room.stage(), room.config.seats.into());
        }
        if !self.is_closed() {
            census.free_seats += u64::from(self.free()) * u64::from(self.config.seats);
        }
        census
    }
}

impl Census {
    fn add(&mut self, stage: &Stage, seats: u64) {
        match stage.phase {
            _ if stage.is_settled => self.over += 1,
            Phase::Idle | Phase::Gathering { .. } => self.gathering += 1,
            Phase::Playing(_) => self.playing += 1,
            Phase::Over { .. } | Phase::Cancelled(..) => self.over += 1,
        }
        if stage.is_settled || stage.is_halted {
            return;
        }
        let taken = stage.table.taken() as u64;
        self.players += taken;
        let is_open = stage.phase.view().is_none_or(|view| view.tick < JOIN_UNTIL);
        if is_open {
            self.free_seats += seats.saturating_sub(taken);
        }
    }
}
