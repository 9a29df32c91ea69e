//! What can go wrong while goats play: all that is known for the chat, and what only a game has.

use std::{fmt, sync::LazyLock};

use clap::{ValueEnum, builder::PossibleValue};
use serde::{Serialize, Serializer};

use crate::plan;

/// Something that goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fault {
    /// What the chat has to survive, too.
    Common(plan::Fault),
    /// What only a game has.
    Game(GameFault),
}

/// Something that goes wrong with game servers, their directory, or those who play.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, ValueEnum)]
pub enum GameFault {
    /// A game server is killed with SIGKILL, and a new one is started
    GameKill,
    /// All game servers are killed at once, and new ones are started
    GameKillAll,
    /// A game server is frozen with SIGSTOP for 1 to 5 seconds: some keep their lease, and some don't
    GameFreeze,
    /// A game server is frozen for 6 to 12 seconds, so that others take its matches over, and then goes on
    GameZombie,
    /// A game server is told to end with SIGTERM, hands its matches over, and a new one is started
    GameDrain,
    /// All game servers are replaced, one after another
    GameRoll,
    /// The Redis with the matches ends with SIGTERM and starts again
    MatchesRestart,
    /// The Redis with the matches is killed with SIGKILL and starts again
    MatchesKill,
    /// The Redis with the matches is frozen for 1 to 6 seconds
    MatchesFreeze,
    /// The Redis with the matches is at the limit of its memory for 2 to 5 seconds
    MatchesMemory,
    /// Half of the players have no network for 2 seconds
    PlayersCut,
    /// Everything but the players is frozen for 5 to 10 seconds, as when a host sleeps, and goes on in any order
    Asleep,
}

impl Fault {
    /// Every fault.
    #[must_use]
    pub fn all() -> &'static [Fault] {
        Fault::value_variants()
    }

    /// Whether it moves matches on purpose and in order. Then no tick of them may be played again.
    #[must_use]
    pub fn is_orderly(self) -> bool {
        matches!(
            self,
            Fault::Game(GameFault::GameDrain | GameFault::GameRoll)
        )
    }
}

impl GameFault {
    /// The shortest and the longest time that it lasts, in milliseconds. What lasts as long as it takes has 0.
    #[must_use]
    pub fn lasts(self) -> (u64, u64) {
        match self {
            GameFault::GameFreeze => (1_000, 5_000),
            GameFault::GameZombie => (6_000, 12_000),
            GameFault::MatchesRestart | GameFault::MatchesKill => (0, 2_000),
            GameFault::MatchesFreeze => (1_000, 6_000),
            GameFault::MatchesMemory => (2_000, 5_000),
            GameFault::PlayersCut => (2_000, 2_000),
            GameFault::Asleep => (5_000, 10_000),
            GameFault::GameKill
            | GameFault::GameKillAll
            | GameFault::GameDrain
            | GameFault::GameRoll => (0, 0),
        }
    }
}

impl ValueEnum for Fault {
    fn value_variants<'a>() -> &'a [Fault] {
        static ALL: LazyLock<Vec<Fault>> = LazyLock::new(|| {
            let common = plan::Fault::all().iter().copied().map(Fault::Common);
            let game = GameFault::value_variants().iter().copied();
            common.chain(game.map(Fault::Game)).collect()
        });
        &ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        match self {
            Fault::Common(fault) => fault.to_possible_value(),
            Fault::Game(fault) => fault.to_possible_value(),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = self.to_possible_value();
        f.pad(value.as_ref().map_or("", |value| value.get_name()))
    }
}

impl Serialize for Fault {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn each_fault_has_a_name_of_its_own_by_which_it_is_chosen() {
        let names: BTreeSet<String> = Fault::all().iter().map(Fault::to_string).collect();
        assert_eq!(names.len(), Fault::all().len());
        for name in &names {
            let chosen = Fault::from_str(name, false).unwrap();
            assert_eq!(&chosen.to_string(), name);
        }
    }
}
