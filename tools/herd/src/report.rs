//! What came of it, and whether it is as it should be.

use std::{collections::BTreeMap, fmt};

/// So many ticks may be played again when a server has died.
const MOST_AGAIN: u32 = 20;

/// What came of it.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Matches that somebody sat down in.
    pub matches: u64,
    /// Those of which nobody was told how they ended.
    pub without_result: u64,
    /// Those of which not everybody was told the same.
    pub results_differ: u64,
    /// How often somebody was told a result.
    pub results_told: u64,
    /// Tickets that were given.
    pub tickets: u64,
    /// Those that were given before.
    pub tickets_twice: u64,
    /// Those that somebody sat down with.
    pub tickets_taken: u64,
    /// How often a seat had two players.
    pub seats_twice: u64,
    /// Parties that were seated.
    pub parties: u64,
    /// Those that sat in more than one match.
    pub parties_split: u64,
    /// Snapshots.
    pub snapshots: u64,
    /// How often a state was one that somebody else had seen, and the same.
    pub hashes_compared: u64,
    /// How often it was another one.
    pub hashes_differ: u64,
    /// How often there was no room, and somebody asked again.
    pub waits: u64,
    /// How often somebody's network went away.
    pub cuts: u64,
    /// How often somebody came back to the same seat over another socket.
    pub resumed: u64,
    /// How often somebody followed a match to another server.
    pub moved: u64,
    /// How many ticks of a match were played again at most, because its server had died.
    pub played_again: u32,
    /// What else went wrong, and how often.
    pub failures: BTreeMap<String, u64>,
}

impl Report {
    /// What was not as it should be, in words; nothing if all was well.
    #[must_use]
    pub fn faults(&self) -> Vec<String> {
        let counted = [
            (self.without_result, "matches without a result"),
            (self.results_differ, "matches with more than one result"),
            (self.tickets_twice, "tickets that were given twice"),
            (
                self.tickets - self.tickets_taken.min(self.tickets),
                "tickets that nobody sat down with",
            ),
            (self.seats_twice, "seats with two players"),
            (self.parties_split, "parties that were split"),
            (
                self.hashes_differ,
                "states that two clients saw differently",
            ),
            (
                self.played_again.saturating_sub(MOST_AGAIN).into(),
                "ticks too many that were played again",
            ),
        ];
        let counted = counted.into_iter().filter(|(count, _)| *count > 0);
        let mut faults: Vec<String> = counted
            .map(|(count, what)| format!("{count} {what}"))
            .collect();
        faults.extend(
            self.failures
                .iter()
                .map(|(why, count)| format!("{count} times: {why}")),
        );
        if self.matches == 0 {
            faults.push("nobody played".to_owned());
        }
        faults
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{} matches, each with one result that {} clients were told.",
            self.matches - self.without_result,
            self.results_told
        )?;
        writeln!(
            f,
            "{} tickets, of which {} were taken. {} times there was no room at first.",
            self.tickets, self.tickets_taken, self.waits
        )?;
        writeln!(
            f,
            "{} parties, of which {} were split.",
            self.parties, self.parties_split
        )?;
        if self.cuts > 0 {
            writeln!(
                f,
                "{} times somebody's network went away, and {} times somebody came back over another socket.",
                self.cuts, self.resumed
            )?;
        }
        if self.moved > 0 {
            writeln!(
                f,
                "{} times somebody followed a match to another server, where at most {} ticks were played again.",
                self.moved, self.played_again
            )?;
        }
        write!(
            f,
            "{} snapshots: {} times a state was the same as somebody else had seen, {} times another.",
            self.snapshots, self.hashes_compared, self.hashes_differ
        )
    }
}
