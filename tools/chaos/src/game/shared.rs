//! What all players of a run write into.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use parking_lot::{Mutex, MutexGuard};
use tokio::sync::watch;

use super::{fault::Fault, log::Log, plan::Step};
use crate::state::Counts;

/// Who has no seat for so long is not well.
const SEEKS_FOR: Duration = Duration::from_secs(10);

/// Shared by everything that runs. One lock is enough: nobody waits inside.
pub struct Shared {
    playing: watch::Sender<bool>,
    begun: Instant,
    state: Mutex<State>,
}

/// What has happened until now.
pub struct State {
    /// What each player has seen of each match.
    pub logs: Vec<Log>,
    /// What each of them does.
    pub players: Vec<Doing>,
    /// Snapshots that were shown.
    pub snapshots: u64,
    /// Sockets by which players came back to the server on which they were.
    pub resumes: u64,
    /// How often a player has followed a match to another server.
    pub moves: u64,
    /// Why nobody was let in, and how often.
    pub refusals: Counts,
    /// What is broken now.
    pub fault: Option<Fault>,
}

/// What a player does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Doing {
    /// It asks for a seat, since then.
    Seeks(Duration),
    /// It has one on this server.
    Plays {
        /// The server.
        server: String,
        /// Whether it hears or sees nothing, or looks for the match.
        is_lost: bool,
    },
    /// Its match is over, and it waits for the others of its party.
    Waits,
    /// It wants no other match.
    Done,
}

impl Shared {
    /// The beginning of a run with so many players.
    #[must_use]
    pub fn new(players: usize) -> Shared {
        Shared {
            playing: watch::Sender::new(true),
            begun: Instant::now(),
            state: Mutex::new(State {
                logs: Vec::new(),
                players: vec![Doing::Seeks(Duration::ZERO); players],
                snapshots: 0,
                resumes: 0,
                moves: 0,
                refusals: Counts::new(),
                fault: None,
            }),
        }
    }

    /// What has happened until now.
    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock()
    }

    /// Since the beginning.
    #[must_use]
    pub fn now(&self) -> Duration {
        self.begun.elapsed()
    }

    /// Whether players go on with another match.
    #[must_use]
    pub fn goes_on(&self) -> bool {
        *self.playing.borrow()
    }

    /// From now on nobody begins another match.
    pub fn finish(&self) {
        self.playing.send_replace(false);
    }

    /// A player does something else.
    pub fn does(&self, player: usize, doing: Doing) {
        self.state().players[player] = doing;
    }

    /// Why somebody was not let in.
    pub fn refused(&self, why: &str) {
        *self.state().refusals.entry(why.to_owned()).or_default() += 1;
    }

    /// Somebody has entered a match. Gives the number of the log.
    #[must_use]
    pub fn enters(&self, log: Log) -> usize {
        let mut state = self.state();
        state.logs.push(log);
        state.logs.len() - 1
    }

    /// The server of a player whom the dice choose: a server on which nobody plays would not be missed.
    #[must_use]
    pub fn victim(&self, step: &Step) -> Option<String> {
        let state = self.state();
        let order = step.shuffled(state.players.len());
        order
            .into_iter()
            .find_map(|player| match &state.players[player] {
                Doing::Plays { server, is_lost } if !is_lost => Some(server.clone()),
                _ => None,
            })
    }

    /// What is not well, if anything is not: somebody who sees nothing, or gets no seat.
    #[must_use]
    pub fn ill(&self) -> Option<String> {
        let now = self.now();
        let state = self.state();
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for doing in &state.players {
            match doing {
                Doing::Plays { is_lost: true, .. } => {
                    *counts.entry("see nothing").or_default() += 1
                }
                Doing::Seeks(since) if now - *since > SEEKS_FOR => {
                    *counts.entry("get no seat").or_default() += 1;
                }
                _ => {}
            }
        }
        let ill: Vec<String> = counts
            .iter()
            .map(|(what, count)| format!("{count} players {what}"))
            .collect();
        (!ill.is_empty()).then(|| ill.join(", "))
    }

    /// How many players are in no match.
    #[must_use]
    pub fn without_seat(&self) -> usize {
        let state = self.state();
        let all = state.players.iter();
        all.filter(|doing| !matches!(doing, Doing::Plays { .. }))
            .count()
    }

    /// How many players are still in a match.
    #[must_use]
    pub fn unfinished(&self) -> usize {
        let state = self.state();
        let all = state.players.iter();
        all.filter(|doing| **doing != Doing::Done).count()
    }
}

impl State {
    /// How far it is, in a line.
    #[must_use]
    pub fn progress(&self) -> String {
        let count = |is: fn(&Doing) -> bool| self.players.iter().filter(|doing| is(doing)).count();
        let lost = count(|doing| matches!(doing, Doing::Plays { is_lost: true, .. }));
        let plays = count(|doing| matches!(doing, Doing::Plays { .. }));
        let over = self.logs.iter().filter(|log| !log.results.is_empty());
        format!(
            "{plays}/{} play, {lost} of them see nothing; {} results told, {} snapshots, {} came back, {} moved",
            self.players.len(),
            over.count(),
            self.snapshots,
            self.resumes,
            self.moves
        )
    }
}
