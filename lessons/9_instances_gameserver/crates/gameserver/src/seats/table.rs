//! The seats and who has them, and those who only watch.

use std::{collections::BTreeMap, sync::Arc};

use axum::{body::Bytes, extract::ws::Utf8Bytes};
use game::Input;
use matches::Nonce;
use protocol::{CloseReason, game::SeatHolder};

use super::{listener::Listener, player::Player};

/// The seats and who has them, and those who only watch.
pub struct Table {
    seats: Vec<Option<Player>>,
    /// By a number that no two of them have.
    watchers: BTreeMap<u64, Arc<dyn Listener>>,
}

/// Where somebody is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum At {
    /// The number of the player's seat, and under which nonce it was given.
    Seat(usize, Nonce),
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

    /// Seats a player, and gives whoever sat there before. The directory knows whose seat it is, so the newest ticket is right.
    pub fn sit_down(&mut self, seat: usize, player: Player) -> Option<Player> {
        self.seats.get_mut(seat)?.replace(player)
    }

    /// Lets somebody watch, and gives the watcher's number.
    pub fn watch(&mut self, listener: Arc<dyn Listener>) -> u64 {
        let last = self.watchers.last_key_value();
        let number = last.map_or(0, |(last, _)| last + 1);
        self.watchers.insert(number, listener);
        number
    }

    /// A watcher leaves.
    pub fn stop_watching(&mut self, number: u64) {
        self.watchers.remove(&number);
    }

    /// The player leaves to whom this seat was given under this nonce; nobody if somebody else sits there by now.
    pub fn stand_up(&mut self, seat: usize, nonce: Nonce) -> Option<Player> {
        self.seats
            .get_mut(seat)?
            .take_if(|player| player.sitter.nonce == nonce)
    }

    /// The player to whom this seat was given under this nonce, if that is still so.
    pub fn player(&mut self, seat: usize, nonce: Nonce) -> Option<&mut Player> {
        let player = self.seats.get_mut(seat)?.as_mut();
        player.filter(|player| player.sitter.nonce == nonce)
    }

    /// Those who have a seat.
    pub fn players(&mut self) -> impl Iterator<Item = &mut Player> {
        self.seats.iter_mut().flatten()
    }

    /// The seats in their order, each with its player if it has one.
    pub fn seats(&mut self) -> impl Iterator<Item = (usize, &mut Option<Player>)> {
        self.seats.iter_mut().enumerate()
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

    /// How many seats there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.seats.len()
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

    /// By seat the name of the player who has it.
    #[must_use]
    pub fn names(&self) -> Vec<Option<String>> {
        let name = |player: &Option<Player>| Some(player.as_ref()?.sitter.name.clone());
        self.seats.iter().map(name).collect()
    }

    /// Tells everybody, but not who sits on the seat `but`.
    pub fn tell(&self, frame: &Utf8Bytes, but: Option<usize>) {
        for (seat, player) in self.seats.iter().enumerate() {
            if let Some(player) = player
                && but != Some(seat)
            {
                player.listener.tell(frame);
            }
        }
        for watcher in self.watchers.values() {
            watcher.tell(frame);
        }
    }

    /// Says to everybody that there is nothing more to hear here.
    pub fn end(&self, reason: CloseReason) {
        let players = self.seats.iter().flatten().map(|player| &player.listener);
        for listener in players.chain(self.watchers.values()) {
            listener.end(reason);
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
