//! The result of a run of the game, for people and for machines.

use std::{fmt, time::Duration};

use serde::Serialize;

use super::{
    check::{Findings, check},
    fault::Fault,
    scenario::Scenario,
    shared::Shared,
    without::Without,
};
use crate::{silence::seconds, state::Counts};

/// One fault, and what came of it.
#[derive(Clone, Debug, Serialize)]
pub struct Broken {
    /// What was broken.
    pub fault: Fault,
    /// What was done, in words.
    pub what: String,
    /// When it began, since the run did.
    #[serde(serialize_with = "seconds")]
    pub at: Duration,
    /// When all was well again.
    #[serde(serialize_with = "seconds")]
    pub until: Duration,
    /// For how long it was planned.
    #[serde(serialize_with = "seconds")]
    pub length: Duration,
    /// The longest time for which a player was shown nothing meanwhile.
    #[serde(serialize_with = "seconds")]
    pub pause: Duration,
    /// Why it could not be done, if it could not.
    pub not_done: Option<String>,
    /// Why all was not well again in time, if it was not.
    pub problem: Option<String>,
}

/// What came of a run.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// What decided everything.
    pub seed: u64,
    /// What was taken out of the game servers.
    pub without: Option<Without>,
    /// Players.
    pub players: usize,
    /// For how long they began matches.
    #[serde(serialize_with = "seconds")]
    pub seconds: Duration,
    /// What the check found.
    #[serde(flatten)]
    pub findings: Findings,
    /// Sockets by which players came back to the server on which they were.
    pub resumes: u64,
    /// How often a player followed a match to another server.
    pub followed: u64,
    /// Why nobody was let in, and how often. While something is broken, that may be.
    pub refusals: Counts,
    /// Each fault.
    pub broken: Vec<Broken>,
    /// What cannot be done here, and why.
    pub skipped: Vec<(Fault, &'static str)>,
    /// Why the run did not come to rest, if it did not.
    pub unsettled: Option<String>,
}

impl Report {
    /// Checks everything that was written down.
    #[must_use]
    pub fn of(
        scenario: &Scenario,
        shared: &Shared,
        mut broken: Vec<Broken>,
        played: Duration,
        unsettled: Option<String>,
    ) -> Report {
        let state = shared.state();
        for broken in &mut broken {
            let pauses = state.logs.iter().flat_map(|log| &log.pauses);
            let touching = pauses.filter(|(from, to)| *to > broken.at && *from < broken.until);
            let longest = touching.map(|(from, to)| *to - *from).max();
            broken.pause = longest.unwrap_or_default();
        }
        Report {
            seed: scenario.seed,
            without: scenario.without,
            players: state.players.len(),
            seconds: played,
            findings: check(&state.logs),
            resumes: state.resumes,
            followed: state.moves,
            refusals: state.refusals.clone(),
            broken,
            skipped: scenario.skipped(),
            unsettled,
        }
    }

    /// What was not as it should be, in words; nothing if all was well.
    #[must_use]
    pub fn faults(&self) -> Vec<String> {
        let mut faults = self.findings.wrong();
        let problems = self.broken.iter().filter(|it| it.problem.is_some());
        let problems = problems.count();
        if problems > 0 {
            faults.push(format!("{problems} faults were not recovered from in time"));
        }
        if self.unsettled.is_some() {
            faults.push("the run did not come to rest at the end".to_owned());
        }
        if self.findings.snapshots == 0 {
            faults.push("nobody was shown anything".to_owned());
        }
        faults
    }

    /// How many faults could not be done. Nobody knows what would have come of them, so this is no fault of the system.
    #[must_use]
    pub fn not_done(&self) -> usize {
        let all = self.broken.iter();
        all.filter(|it| it.not_done.is_some()).count()
    }

    fn verdict(&self) -> String {
        let faults = self.faults();
        if let Some(without) = self.without {
            let name = without.name();
            return if faults.is_empty() {
                format!(
                    "Something wrong was expected without {name}, and NOTHING was found. Longer or with more faults, it would be."
                )
            } else {
                let faults = faults.join(", ");
                format!("Without {name}: {faults}. That was expected. It shows that it is found.")
            };
        }
        match (faults.is_empty(), self.not_done()) {
            (true, 0) => "All is well.".to_owned(),
            (true, count) => format!("All is well; {count} of the faults could not be done."),
            (false, _) => format!("NOT well: {}.", faults.join(", ")),
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "\n{:>7} {:<16}{:>9} {:>8}  what was done",
            "at", "fault", "well", "pause"
        )?;
        for it in &self.broken {
            let line = it.problem.as_deref().and_then(|it| it.lines().next());
            writeln!(
                f,
                "{:>5.1} s {:<16}{:>7.1} s {:>6.1} s  {}",
                it.at.as_secs_f64(),
                it.fault,
                (it.until - it.at).as_secs_f64(),
                it.pause.as_secs_f64(),
                line.unwrap_or(&it.what),
            )?;
        }
        for (fault, why) in &self.skipped {
            writeln!(f, "skipped {fault}: {why}")?;
        }
        let found = &self.findings;
        writeln!(
            f,
            "\nseed {}: {} players were in {} matches within {:.1} s, and saw {} snapshots.",
            self.seed,
            self.players,
            found.matches,
            self.seconds.as_secs_f64(),
            found.snapshots
        )?;
        writeln!(
            f,
            "{} times two of them saw the same tick; {} states were not the same.",
            found.compared, found.differ
        )?;
        writeln!(
            f,
            "{} times a match went to another server; {} epochs were on two at once.",
            found.moves, found.split
        )?;
        writeln!(
            f,
            "At most {} ticks were played again; {} times that was too many, and {} times a player was shown what was over.",
            found.again, found.again_too_many, found.back
        )?;
        writeln!(
            f,
            "{} seats had two players at one time.",
            found.seats_twice
        )?;
        writeln!(
            f,
            "Results: {} missing, {} doubled, {} matches with different ones, {} that did not end.",
            found.missing, found.doubled, found.different, found.unended
        )?;
        writeln!(
            f,
            "{} times somebody came back over another socket, and {} times to another server; at most {:.1} s without a snapshot ({}).",
            self.resumes,
            self.followed,
            found.longest_pause.as_secs_f64(),
            found.longest_pause_of
        )?;
        for (why, count) in &self.refusals {
            writeln!(f, "{count:>6} × not let in: {why}")?;
        }
        for example in &found.examples {
            writeln!(f, "  {example}")?;
        }
        if let Some(unsettled) = &self.unsettled {
            writeln!(f, "  {unsettled}")?;
        }
        writeln!(f, "\n{}", self.verdict())
    }
}
