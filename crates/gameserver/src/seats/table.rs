//! The seats and who has them, and those who only watch.

use std::{collections::BTreeMap, sync::Arc};

use axum::{body::Bytes, extract::ws::Utf8Bytes};
use game::Input;
use matches::Nonce;
use protocol::{CloseReason, game::SeatHolder};
use tokio::time::Instant;

use super::{
    listener::Listener,
    player::{Line, Player},
};

/// The seats and who has them, and those who only watch.
pub struct Table {
    seats: Vec<Option<Player>>,
    /// By the number of their sockets.
    watchers: BTreeMap<u64, Arc<dyn Listener>>,
    /// How many sockets have come so far.
    sockets: u64,
}

/// Where somebody is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum At {
    /// The number of the player's seat, and that of the socket: the same player may have come back on another one since.
    Seat(usize, u64),
    /// The number of the watcher's socket.
    Watching(u64),
}

impl Table {
    /// A table with so many seats, all of them free.
    #[must_use]
    pub fn new(seats: usize) -> Table {
        Table {
            seats: (0..seats).map(|_| None).collect(),
            watchers: BTreeMap::new(),
            sockets: 0,
        }
    }

    /// A socket has come, and gets its number.
    pub fn line(&mut self, listener: &Arc<dyn Listener>) -> Line {
        self.sockets += 1;
        Line {
            number: self.sockets,
            listener: Arc::clone(listener),
        }
    }

    /// Seats a player, and gives whoever sat there before. The directory knows whose seat it is, so the newest ticket is right.
    pub fn sit_down(&mut self, seat: usize, player: Player) -> Option<Player> {
        self.seats.get_mut(seat)?.replace(player)
    }

    /// Lets somebody watch.
    pub fn watch(&mut self, line: Line) {
        self.watchers.insert(line.number, line.listener);
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

    /// The player of this seat, if this is that player's newest socket.
    pub fn player_on(&mut self, seat: usize, socket: u64) -> Option<&mut Player> {
        self.player(seat).filter(|player| player.is_on(socket))
    }

    /// The player of this seat.
    pub fn player(&mut self, seat: usize) -> Option<&mut Player> {
        self.seats.get_mut(seat)?.as_mut()
    }

    /// Those who have a seat.
    pub fn players(&mut self) -> impl Iterator<Item = &mut Player> {
        self.seats.iter_mut().flatten()
    }

    /// The seats in their order, each with its player if it has one.
    pub fn seats(&mut self) -> impl Iterator<Item = (usize, &mut Option<Player>)> {
        self.seats.iter_mut().enumerate()
    }

    /// What each seat does in this tick, with nothing for those that a bot has.
    pub fn take_inputs(&mut self, tick: u32) -> Vec<Option<Input>> {
        let seats = self.seats.iter_mut();
        seats.map(|player| player.as_mut()?.input(tick)).collect()
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

    /// Whether a match goes on for any player.
    #[must_use]
    pub fn is_in_play(&self) -> bool {
        self.seats.iter().flatten().any(Player::is_in_play)
    }

    /// Whether nobody looks on, or is waited for.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.watchers.is_empty() && !self.seats.iter().flatten().any(Player::may_look)
    }

    /// When the first one was waited for long enough of those who are away.
    #[must_use]
    pub fn next_overdue(&self) -> Option<Instant> {
        let players = self.seats.iter().flatten();
        players.filter_map(Player::awaited_until).min()
    }

    /// How many watch.
    #[must_use]
    pub fn watchers(&self) -> usize {
        self.watchers.len()
    }

    /// Who plays the goat of each seat, with `others` for those that no player has.
    #[must_use]
    pub fn holders(&self, others: SeatHolder) -> Vec<SeatHolder> {
        let seats = self.seats.iter();
        seats
            .map(|player| player.as_ref().map_or(others, Player::holder))
            .collect()
    }

    /// By seat the name of the player who has it, whether here or not.
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
                player.tell(frame);
            }
        }
        for watcher in self.watchers.values() {
            watcher.tell(frame);
        }
    }

    /// Says to everybody that there is nothing more to hear here.
    pub fn end(&self, reason: CloseReason) {
        for player in self.seats.iter().flatten() {
            player.end(reason);
        }
        for watcher in self.watchers.values() {
            watcher.end(reason);
        }
    }

    /// Shows everybody the snapshot of a tick, and gives how many got it, and how many did not because they see nothing.
    pub fn show(&mut self, snapshot: &Bytes, tick: u32) -> (u64, u64) {
        let (mut shown, mut withheld) = (0, 0);
        for player in self.seats.iter_mut().flatten() {
            match player.show(snapshot, tick) {
                Some(true) => shown += 1,
                Some(false) => withheld += 1,
                None => {}
            }
        }
        for watcher in self.watchers.values() {
            watcher.show(snapshot);
            shown += 1;
        }
        (shown, withheld)
    }
}
