//! The seats and who has them, and those who only watch.

use std::{collections::BTreeMap, sync::Arc};

use axum::{body::Bytes, extract::ws::Utf8Bytes};
use game::Input;
use protocol::game::SeatHolder;

use super::{choice::seat_for_a_player, listener::Listener, player::Player};

/// The seats and who has them, and those who only watch.
pub struct Table {
    seats: Vec<Option<Player>>,
    /// By a number that no two of them have.
    watchers: BTreeMap<u64, Arc<dyn Listener>>,
}

/// Where somebody is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum At {
    /// The number of the player's seat.
    Seat(usize),
    /// The watcher's number.
    Watching(u64),
}

impl Table {
    /// A table with so many seats, all of them free.
    #[must_use]
    pub fn new(seats: usize) -> Table {
        Table {
            seats: (0..seats).map(|_| None).collect(),
            watchers: BTreeMap::new(),
        }
    }

    /// Gives a player a seat, the best one by the goats' lives if a match is played; none if all are taken.
    pub fn sit_down(&mut self, player: Player, lives: Option<&[u8]>) -> Option<usize> {
        let is_free = self.seats.iter().map(Option::is_none);
        let seat = seat_for_a_player(is_free, lives)?;
        self.seats[seat] = Some(player);
        Some(seat)
    }

    /// Lets somebody watch, and gives the watcher's number.
    pub fn watch(&mut self, listener: Arc<dyn Listener>) -> u64 {
        let last = self.watchers.last_key_value();
        let number = last.map_or(0, |(last, _)| last + 1);
        self.watchers.insert(number, listener);
        number
    }

    /// Somebody leaves.
    pub fn leave(&mut self, at: At) {
        match at {
            At::Seat(seat) => self.seats[seat] = None,
            At::Watching(number) => drop(self.watchers.remove(&number)),
        }
    }

    /// The player who has this seat, if one has.
    pub fn player(&mut self, seat: usize) -> Option<&mut Player> {
        self.seats.get_mut(seat)?.as_mut()
    }

    /// Those who have a seat.
    pub fn players(&mut self) -> impl Iterator<Item = &mut Player> {
        self.seats.iter_mut().flatten()
    }

    /// What each seat does in this tick, with nothing for those that no player has.
    pub fn take_inputs(&mut self) -> Vec<Option<Input>> {
        let seats = self.seats.iter_mut();
        let inputs = seats.map(|player| player.as_mut().map(|player| player.inputs.take()));
        inputs.collect()
    }

    /// For each seat the number of the input that it has played last; 0 if it has played none.
    #[must_use]
    pub fn last_inputs(&self) -> Vec<u16> {
        let seats = self.seats.iter();
        let last = seats.map(|player| player.as_ref().map_or(0, |player| player.inputs.last()));
        last.collect()
    }

    /// How many seats players have.
    #[must_use]
    pub fn taken(&self) -> usize {
        self.seats.iter().flatten().count()
    }

    /// How many watch.
    #[must_use]
    pub fn watchers(&self) -> usize {
        self.watchers.len()
    }

    /// Who plays the goat of each seat, with `others` for those that no player has.
    #[must_use]
    pub fn holders(&self, others: SeatHolder) -> Vec<SeatHolder> {
        let holder = |player: &Option<Player>| match player {
            Some(_) => SeatHolder::Player,
            None => others,
        };
        self.seats.iter().map(holder).collect()
    }

    /// Tells everybody but one.
    pub fn tell(&self, frame: &Utf8Bytes, but: Option<At>) {
        for (seat, player) in self.seats.iter().enumerate() {
            if let Some(player) = player
                && but != Some(At::Seat(seat))
            {
                player.listener.tell(frame);
            }
        }
        for (number, watcher) in &self.watchers {
            if but != Some(At::Watching(*number)) {
                watcher.tell(frame);
            }
        }
    }

    /// Shows everybody the snapshot of a tick, and gives how many got it, and how many did not because they see nothing.
    pub fn show(&mut self, snapshot: &Bytes, tick: u32) -> (u64, u64) {
        let (mut shown, mut withheld) = (0, 0);
        for player in self.seats.iter_mut().flatten() {
            if player.window.lets_through(tick) {
                player.listener.show(snapshot);
                shown += 1;
            } else {
                withheld += 1;
            }
        }
        for watcher in self.watchers.values() {
            watcher.show(snapshot);
            shown += 1;
        }
        (shown, withheld)
    }
}
