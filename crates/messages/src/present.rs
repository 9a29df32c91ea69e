//! Who is here, as players are told it: a bounded list that changes in bounded steps.

use std::collections::{BTreeMap, BTreeSet};

use protocol::{PlayerId, Who};

/// The most players that are told. A list of ten thousand helps nobody, and would be sent to ten thousand.
const MAX_PLAYERS: usize = 100;

/// The most that changes from one list to the next. What does not fit comes with the one after it.
const MAX_CHANGES: usize = 16;

/// Who is here, to be shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Present {
    /// How many there are. Somebody with two windows counts once.
    pub count: usize,
    /// They, or a hundred of them.
    pub players: BTreeMap<PlayerId, Who>,
}

/// What has changed between two lists.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Who is on the second only.
    pub came: Vec<Who>,
    /// Who is on the first only.
    pub left: Vec<PlayerId>,
}

impl Present {
    /// The list that follows this one when all of these are here. At most 16 players come onto it or leave it.
    ///
    /// Whoever is on the list stays on it: a player beyond the first hundred who comes or goes changes the count alone, and
    /// costs everybody some fifty bytes, however many there are.
    pub(crate) fn next(&self, all: &BTreeMap<PlayerId, &Who>) -> Present {
        let mut players = self.players.clone();
        let gone = self
            .players
            .keys()
            .filter(|player| !all.contains_key(player));
        let gone: Vec<PlayerId> = gone.take(MAX_CHANGES).copied().collect();
        for player in &gone {
            players.remove(player);
        }
        let free = MAX_PLAYERS.saturating_sub(players.len());
        let new = all
            .iter()
            .filter(|(player, _)| !players.contains_key(player));
        let new: Vec<_> = new.take(free.min(MAX_CHANGES - gone.len())).collect();
        players.extend(
            new.into_iter()
                .map(|(player, who)| (*player, (*who).clone())),
        );
        Present {
            count: all.len(),
            players,
        }
    }

    /// What has changed since another list.
    #[must_use]
    pub fn since(&self, before: &Present) -> Changes {
        let now: BTreeSet<_> = self.players.keys().collect();
        let then: BTreeSet<_> = before.players.keys().collect();
        Changes {
            came: now
                .difference(&then)
                .map(|player| self.players[player].clone())
                .collect(),
            left: then.difference(&now).map(|player| **player).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn people(numbers: impl IntoIterator<Item = u64>) -> Vec<Who> {
        let who = |number| Who {
            player: format!("{number:016x}").parse().unwrap(),
            name: "Ada".to_owned(),
        };
        numbers.into_iter().map(who).collect()
    }

    fn next(present: &Present, people: &[Who]) -> (Present, Changes) {
        let all = people.iter().map(|who| (who.player, who)).collect();
        let next = present.next(&all);
        let changes = next.since(present);
        (next, changes)
    }

    #[test]
    fn who_comes_and_goes_is_told_and_nobody_else() {
        let (present, changes) = next(&Present::default(), &people([1, 2, 3]));
        assert_eq!((present.count, changes.came.len()), (3, 3));
        let (present, changes) = next(&present, &people([2, 3, 4]));
        assert_eq!(present.count, 3);
        assert_eq!(changes.came, people([4]));
        assert_eq!(changes.left, [people([1])[0].player]);
        let (same, changes) = next(&present, &people([2, 3, 4]));
        assert_eq!((same, changes), (present, Changes::default()));
    }

    #[test]
    fn a_crowd_is_counted_at_once_and_told_in_steps_up_to_a_hundred() {
        let crowd = people(0..10_000);
        let (mut present, mut steps) = (Present::default(), Vec::new());
        loop {
            let (following, changes) = next(&present, &crowd);
            assert_eq!((following.count, changes.left.len()), (10_000, 0));
            if changes.came.is_empty() {
                break;
            }
            steps.push(changes.came.len());
            present = following;
        }
        assert_eq!(steps, [16, 16, 16, 16, 16, 16, 4]);
        // Another crowd in its place: nobody stays on the list who is gone, and it fills up again.
        let crowd = people(20_000..30_000);
        for _ in 0..40 {
            let (following, changes) = next(&present, &crowd);
            assert!(changes.came.len() + changes.left.len() <= MAX_CHANGES);
            present = following;
        }
        assert_eq!(present.players.len(), 100);
        assert!(present.players.values().all(|who| crowd.contains(who)));
    }

    #[test]
    fn who_is_not_on_a_full_list_changes_the_count_alone() {
        let mut present = Present::default();
        for _ in 0..7 {
            present = next(&present, &people(1..=200)).0;
        }
        // Both before and behind all that are on the list.
        let (present, changes) = next(&present, &people((0..=99).chain(100..=180)));
        assert_eq!((present.count, changes), (181, Changes::default()));
    }
}
