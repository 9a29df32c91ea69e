//! The result of a run, for people and for machines.

use std::{fmt, time::Duration};

use serde::Serialize;

use crate::{
    account::Tally,
    plan::Fault,
    scenario::Scenario,
    silence::{Silence, seconds},
    state::{Counts, Noted, Shared},
};

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
    /// Safe requests that failed meanwhile.
    pub failed: u64,
    /// Sockets that clients opened again meanwhile.
    pub reconnects: u64,
    /// For how long nothing was acknowledged.
    #[serde(flatten)]
    pub silence: Silence,
    /// Why it could not be done, if it could not.
    pub not_done: Option<String>,
    /// Why all was not well again in time, if it was not.
    pub problem: Option<String>,
}

impl Broken {
    /// What was done, or in a line why all was not well again.
    fn done(&self) -> &str {
        let problem = self.problem.as_deref();
        let line = problem.and_then(|problem| problem.lines().next());
        line.unwrap_or(&self.what)
    }
}

/// What came of a run.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// What decided everything.
    pub seed: u64,
    /// What ran the system.
    pub engine: &'static str,
    /// Clients that listened.
    pub clients: usize,
    /// How many of them talked.
    pub senders: usize,
    /// Replicas of the web server.
    pub replicas: usize,
    /// For how long they talked.
    #[serde(serialize_with = "seconds")]
    pub seconds: Duration,
    /// Whether clients came back without saying what they heard last.
    pub without_resume: bool,
    /// What the check found.
    #[serde(flatten)]
    pub tally: Tally,
    /// Messages that were neither acknowledged nor refused at the end.
    pub unanswered: usize,
    /// Messages sent again, under the reference that they had.
    pub retries: u64,
    /// Messages that the server refused for good, by its words.
    pub refused: Counts,
    /// Gaps that clients heard of.
    pub gaps: Noted,
    /// Safe requests made.
    pub safe_requests: u64,
    /// Those that got no answer while nobody was there who could give one.
    pub unanswerable: u64,
    /// Those that failed.
    pub failed: Noted,
    /// For how long nothing was acknowledged.
    #[serde(flatten)]
    pub silence: Silence,
    /// Sockets opened after a client's first.
    pub reconnects: u64,
    /// Logins after a client's first.
    pub logins: u64,
    /// How sockets ended.
    pub closes: Counts,
    /// Why sockets were refused.
    pub refusals: Counts,
    /// Each fault.
    pub broken: Vec<Broken>,
    /// What the engine cannot do, and why.
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
        (from, to): (Duration, Duration),
        unsettled: Option<String>,
    ) -> Report {
        let state = shared.state();
        // The end counts as an acknowledgement: whoever never came back was silent until then.
        let mut at = state.acknowledged_at.clone();
        at.retain(|at| *at < to);
        at.push(to);
        for broken in &mut broken {
            broken.silence = Silence::between(&at, broken.at, broken.until);
        }
        Report {
            seed: scenario.seed,
            engine: scenario.engine.name(),
            clients: scenario.clients,
            senders: scenario.senders(),
            replicas: scenario.replicas,
            seconds: to - from,
            without_resume: scenario.without_resume,
            tally: state.account.tally(),
            unanswered: state.waiting,
            retries: state.retries,
            refused: state.refused.clone(),
            gaps: state.gaps.clone(),
            safe_requests: state.answered + state.unanswerable + state.failed.count,
            unanswerable: state.unanswerable,
            failed: state.failed.clone(),
            silence: Silence::between(&at, from, to),
            reconnects: state.reconnects,
            logins: state.logins,
            closes: state.closes.clone(),
            refusals: state.refusals.clone(),
            broken,
            skipped: scenario.skipped(),
            unsettled,
        }
    }

    /// What was not as it should be, in words; nothing if all was well.
    #[must_use]
    pub fn faults(&self) -> Vec<String> {
        let problems = self.broken.iter().filter(|it| it.problem.is_some()).count() as u64;
        let all = [
            (self.tally.lost, "deliveries were lost"),
            (self.tally.doubled, "messages or deliveries were doubled"),
            (self.tally.out_of_order, "deliveries were out of order"),
            (self.failed.count, "safe requests failed"),
            (self.refused.values().sum(), "messages were refused"),
            (self.logins, "players were logged out"),
            (self.unanswered as u64, "messages got no answer"),
            (problems, "faults were not recovered from in time"),
            (
                self.unsettled.is_some().into(),
                "thing did not come to rest at the end",
            ),
        ];
        let faults = all.iter().filter(|(count, _)| *count > 0);
        faults
            .map(|(count, what)| format!("{count} {what}"))
            .collect()
    }

    /// How many faults could not be done. Nobody knows what would have come of them, so this is no fault of the system.
    #[must_use]
    pub fn not_done(&self) -> usize {
        self.broken
            .iter()
            .filter(|it| it.not_done.is_some())
            .count()
    }

    fn verdict(&self) -> String {
        let lost = self.tally.lost;
        match (self.without_resume, lost) {
            (false, _) if self.faults().is_empty() => match self.not_done() {
                0 => "All is well.".to_owned(),
                count => format!("All is well; {count} of the faults could not be done."),
            },
            (false, _) => format!("NOT well: {}.", self.faults().join(", ")),
            (true, 0) => "Losses were expected, because clients came back without saying what they heard last, and NONE \
                 was found. Longer or with more faults, it would be."
                .to_owned(),
            (true, _) => format!(
                "{lost} deliveries were lost. That was expected, because clients came back without saying what they \
                 heard last. It shows that losses are found."
            ),
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let row = |f: &mut fmt::Formatter<'_>, name: &str, value: String| {
            writeln!(f, "{name:<15}{value}")
        };
        writeln!(
            f,
            "\n{:>7} {:<17}{:>9} {:>8} {:>8} {:>7} {:>7}  what was done",
            "at", "fault", "well", "silence", "outages", "failed", "back"
        )?;
        for it in &self.broken {
            writeln!(
                f,
                "{:>5.1} s {:<17}{:>7.1} s {:>6.1} s {:>6.1} s {:>7} {:>7}  {}",
                it.at.as_secs_f64(),
                it.fault,
                (it.until - it.at).as_secs_f64(),
                it.silence.longest.as_secs_f64(),
                it.silence.outages.as_secs_f64(),
                it.failed,
                it.reconnects,
                it.done(),
            )?;
        }
        for (fault, why) in &self.skipped {
            writeln!(f, "skipped {fault}: {why}")?;
        }
        writeln!(
            f,
            "\nseed {}, {}, {} replicas, {} clients of which {} talked for {:.1} s\n",
            self.seed,
            self.engine,
            self.replicas,
            self.clients,
            self.senders,
            self.seconds.as_secs_f64()
        )?;
        let Tally {
            acknowledged,
            unacknowledged,
            delivered,
            lost,
            doubled,
            out_of_order,
            examples,
        } = &self.tally;
        row(
            f,
            "messages",
            format!(
                "{acknowledged} acknowledged, {unacknowledged} heard without it, {} unanswered, {} sent again",
                self.unanswered, self.retries
            ),
        )?;
        row(f, "delivered", delivered.to_string())?;
        row(
            f,
            "wrong",
            format!("{lost} lost, {doubled} doubled, {out_of_order} out of order"),
        )?;
        for example in examples {
            row(f, "", example.clone())?;
        }
        row(f, "gaps told", self.gaps.count.to_string())?;
        for gap in &self.gaps.first {
            row(f, "", gap.clone())?;
        }
        let failed = self.failed.count;
        row(
            f,
            "safe requests",
            format!("{} made, {failed} failed", self.safe_requests),
        )?;
        for failure in &self.failed.first {
            row(f, "", failure.clone())?;
        }
        let (longest, outages) = (self.silence.longest, self.silence.outages);
        row(
            f,
            "silence",
            format!(
                "at most {:.1} s without an acknowledgement; {:.1} s in stretches of more than a second",
                longest.as_secs_f64(),
                outages.as_secs_f64()
            ),
        )?;
        let (reconnects, logins) = (self.reconnects, self.logins);
        row(
            f,
            "came back",
            format!("{reconnects} times, {logins} with a new login"),
        )?;
        for (name, counts) in [
            ("refused", &self.refused),
            ("closed", &self.closes),
            ("no socket", &self.refusals),
        ] {
            for (what, count) in counts {
                row(f, name, format!("{count} × {what}"))?;
            }
        }
        if let Some(unsettled) = &self.unsettled {
            row(f, "unsettled", unsettled.clone())?;
        }
        writeln!(f, "\n{}", self.verdict())
    }
}
