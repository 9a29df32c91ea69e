//! Matches that were here, and go on elsewhere.

use std::collections::{BTreeMap, VecDeque};

use matches::MatchId;

/// Of so many it is known. Whoever comes for an older one has been told long ago.
const MOST: usize = 512;

/// Matches that were here and go on elsewhere, and those that will begin here once more.
#[derive(Debug, Default)]
pub struct Departed {
    moved: VecDeque<MatchId>,
    /// By match, under which epoch it is here. Nobody is in it now, and its tickets are still good.
    epochs: BTreeMap<MatchId, u32>,
}

impl Departed {
    /// A match is another server's now.
    pub fn move_away(&mut self, id: &MatchId) {
        self.come_back(id);
        self.moved.push_back(id.clone());
        if self.moved.len() > MOST {
            self.moved.pop_front();
        }
    }

    /// It is here again.
    pub fn come_back(&mut self, id: &MatchId) {
        self.moved.retain(|moved| moved != id);
    }

    /// Whether it goes on elsewhere.
    #[must_use]
    pub fn has_moved(&self, id: &MatchId) -> bool {
        self.moved.contains(id)
    }

    /// Nobody is in a match any more that has not begun. Whoever comes with a ticket for it has it begin anew.
    pub fn leave_idle(&mut self, id: &MatchId, epoch: u32) {
        // Where it is the first server's, that goes without saying.
        if epoch > 1 {
            if self.epochs.len() >= MOST {
                self.epochs.pop_first();
            }
            self.epochs.insert(id.clone(), epoch);
        }
    }

    /// Under which epoch a match begins here.
    pub fn epoch(&mut self, id: &MatchId) -> u32 {
        self.epochs.remove(id).unwrap_or(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_are_known_and_what_comes_back_is_not_gone() {
        let mut departed = Departed::default();
        let ids: Vec<_> = (0..MOST + 1).map(|_| MatchId::random()).collect();
        for id in &ids {
            departed.move_away(id);
            departed.move_away(id);
        }
        assert!(!departed.has_moved(&ids[0]));
        assert!(ids[1..].iter().all(|id| departed.has_moved(id)));
        departed.come_back(&ids[7]);
        assert!(!departed.has_moved(&ids[7]));
    }

    #[test]
    fn a_match_that_was_another_servers_before_begins_anew_under_its_own_epoch() {
        let mut departed = Departed::default();
        let (own, others) = (MatchId::random(), MatchId::random());
        departed.leave_idle(&own, 1);
        departed.leave_idle(&others, 3);
        assert_eq!(departed.epoch(&own), 1);
        assert_eq!(departed.epoch(&others), 3);
        assert_eq!(departed.epoch(&others), 1, "it has begun");
    }
}
