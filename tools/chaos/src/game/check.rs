//! Whether all players saw one and the same match, and each match came to one end.
//!
//! What is known are the logs of the players alone. States can be compared within one epoch only: what is played again after a crash may come
//! out differently, because the players do something else. That is allowed for twenty ticks, and how far the new epoch went back is checked.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use serde::Serialize;

use super::log::{End, Log, Stay};
use crate::silence::seconds;

/// So many ticks may be played again when a server has died.
pub const MOST_AGAIN: u32 = 20;

/// Findings that are described. More would say no more.
const DESCRIBED: usize = 12;

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Findings {
    /// Matches that somebody entered.
    pub matches: u64,
    /// Snapshots that were shown.
    pub snapshots: u64,
    /// How often two players saw the same tick, and it was the same.
    pub compared: u64,
    /// How often a match went to another server.
    pub moves: u64,
    /// How often a state was another one than somebody else had seen at the same tick of the same epoch.
    pub differ: u64,
    /// Epochs of a match that two servers had.
    pub split: u64,
    /// How often a player was shown an older tick, or an older epoch, than before.
    pub back: u64,
    /// How many ticks were played again at most.
    pub again: u32,
    /// How often more were played again than may be.
    pub again_too_many: u64,
    /// How often a seat had two players.
    pub seats_twice: u64,
    /// Results that a player who still played was never told.
    pub missing: u64,
    /// Results that a player was told more than once.
    pub doubled: u64,
    /// Matches of which not all were told the same result.
    pub different: u64,
    /// Matches that somebody was still in at the end.
    pub unended: u64,
    /// The longest time for which a player was shown nothing.
    #[serde(serialize_with = "seconds")]
    pub longest_pause: Duration,
    /// Whose that was, and when.
    pub longest_pause_of: String,
    /// The first few of what is wrong, in words.
    pub examples: Vec<String>,
}

/// Puts the logs of all players side by side.
#[must_use]
pub fn check(logs: &[Log]) -> Findings {
    let mut matches: BTreeMap<&str, Vec<&Log>> = BTreeMap::new();
    for log in logs {
        matches.entry(&log.match_id).or_default().push(log);
    }
    let mut findings = Findings {
        matches: matches.len() as u64,
        ..Findings::default()
    };
    for log in logs {
        findings.forward(log);
        findings.pauses(log);
    }
    for (id, logs) in matches {
        let epochs = findings.states(id, &logs);
        findings.played_again(id, &epochs);
        findings.seats(&logs);
        findings.results(id, &logs);
    }
    findings
}

/// What all players saw of one epoch of a match.
#[derive(Default)]
struct Epoch<'a> {
    servers: BTreeSet<&'a str>,
    states: BTreeMap<u32, u32>,
    first: Option<Duration>,
    is_orderly: bool,
}

impl Findings {
    /// What is wrong, in words; nothing if all is well.
    #[must_use]
    pub fn wrong(&self) -> Vec<String> {
        let all = [
            (self.differ, "states were seen differently by two players"),
            (self.split, "epochs of a match were on two servers"),
            (self.back, "times a player was shown what was over"),
            (
                self.again_too_many,
                "times too many ticks were played again",
            ),
            (self.seats_twice, "seats had two players"),
            (self.missing, "results were missing"),
            (self.doubled, "results were told twice"),
            (self.different, "matches had different results"),
            (self.unended, "matches did not end"),
        ];
        let wrong = all.iter().filter(|(count, _)| *count > 0);
        wrong
            .map(|(count, what)| format!("{count} {what}"))
            .collect()
    }

    /// Time goes on for everybody.
    fn forward(&mut self, log: &Log) {
        for pair in log.stays.windows(2) {
            if pair[1].epoch <= pair[0].epoch {
                self.back += 1;
                let (before, now) = (name(&pair[0]), name(&pair[1]));
                self.describe(log, &format!("came from {before} to {now}"));
            }
        }
        for stay in &log.stays {
            self.snapshots += stay.shown.len() as u64;
            for pair in stay.shown.windows(2) {
                if pair[1].0 < pair[0].0 {
                    self.back += 1;
                    let (before, now) = (pair[0].0, pair[1].0);
                    self.describe(
                        log,
                        &format!("went from tick {before} back to {now} on {}", name(stay)),
                    );
                }
            }
        }
    }

    fn pauses(&mut self, log: &Log) {
        for (from, to) in &log.pauses {
            if *to - *from > self.longest_pause {
                self.longest_pause = *to - *from;
                let (from, to) = (from.as_secs_f64(), to.as_secs_f64());
                let (player, id) = (log.player, &log.match_id);
                self.longest_pause_of =
                    format!("player {player} in match {id}, from {from:.1} to {to:.1} s");
            }
        }
    }

    /// Each tick of an epoch has one state, and each epoch one server.
    fn states<'a>(&mut self, id: &str, logs: &[&'a Log]) -> BTreeMap<u32, Epoch<'a>> {
        let mut epochs: BTreeMap<u32, Epoch<'a>> = BTreeMap::new();
        for log in logs {
            for stay in &log.stays {
                let epoch = epochs.entry(stay.epoch).or_default();
                epoch.servers.insert(&stay.server);
                // How the match came here is what was so when the first one followed it.
                if epoch.first.is_none_or(|first| stay.since < first) {
                    (epoch.first, epoch.is_orderly) = (Some(stay.since), stay.is_orderly);
                }
                let mut last = None;
                for (tick, hash) in &stay.shown {
                    // Who comes back over another socket is shown again where the match is.
                    let is_repeated = last.replace((tick, hash)) == Some((tick, hash));
                    match epoch.states.insert(*tick, *hash) {
                        Some(before) if before != *hash => {
                            self.differ += 1;
                            self.describe(
                                log,
                                &format!(
                                    "saw {hash:08x} at tick {tick} on {}, and somebody {before:08x}",
                                    name(stay)
                                ),
                            );
                        }
                        Some(_) => self.compared += u64::from(!is_repeated),
                        None => {}
                    }
                }
            }
        }
        for (number, epoch) in &epochs {
            if epoch.servers.len() > 1 {
                self.split += 1;
                self.say(format!(
                    "match {id}: epoch {number} was on {:?}",
                    epoch.servers
                ));
            }
        }
        self.moves += epochs.len().saturating_sub(1) as u64;
        epochs
    }

    /// A new epoch goes on where the one before it ended, or a little earlier after a loss.
    fn played_again(&mut self, id: &str, epochs: &BTreeMap<u32, Epoch<'_>>) {
        // An epoch in which nobody was shown anything has nothing to compare.
        let shown = epochs
            .iter()
            .filter(|(_, epoch)| !epoch.states.is_empty())
            .collect::<Vec<_>>();
        for pair in shown.windows(2) {
            let ((_, before), (number, now)) = (pair[0], pair[1]);
            let last = before.states.last_key_value();
            let first = now.states.first_key_value();
            let (Some((last, _)), Some((first, hash))) = (last, first) else {
                continue;
            };
            // The state from which it goes on may be shown once more: that is no tick that was played again.
            let is_shown_again = before.states.get(first) == Some(hash);
            let next = if is_shown_again { *first + 1 } else { *first };
            let again = (last + 1).saturating_sub(next);
            self.again = self.again.max(again);
            let most = if now.is_orderly { 0 } else { MOST_AGAIN };
            if again > most {
                self.again_too_many += 1;
                self.say(format!(
                    "match {id}: epoch {number} played {again} ticks again, from {next} to {last}, where {most} may be"
                ));
            }
        }
    }

    /// No seat has two players at one time.
    fn seats(&mut self, logs: &[&Log]) {
        let mut by_seat: BTreeMap<u8, Vec<&Log>> = BTreeMap::new();
        for log in logs {
            by_seat.entry(log.seat).or_default().push(log);
        }
        for (seat, mut logs) in by_seat {
            logs.sort_by_key(|log| log.entered);
            // Whoever has heard something there last, of those who came before.
            let mut longest: Option<&Log> = None;
            for log in logs {
                if let Some(before) = longest
                    && before.player != log.player
                    && log.entered < before.heard
                {
                    self.seats_twice += 1;
                    let (first, at) = (before.player, log.entered.as_secs_f64());
                    self.describe(
                        log,
                        &format!("got seat {seat} at {at:.1} s, which was player {first}'s"),
                    );
                }
                if longest.is_none_or(|before| log.heard > before.heard) {
                    longest = Some(log);
                }
            }
        }
    }

    /// Whoever plays to the end is told one result, and everybody the same.
    fn results(&mut self, id: &str, logs: &[&Log]) {
        let mut told: BTreeSet<&String> = BTreeSet::new();
        // A goat may lose its last life while its player is away, and only others see it.
        let out: BTreeSet<u8> = logs.iter().flat_map(|log| log.out.clone()).collect();
        let mut is_unended = false;
        for log in logs {
            told.extend(&log.results);
            if log.results.len() > 1 {
                self.doubled += 1;
                self.describe(log, &format!("was told {}", log.results.join(" and ")));
            }
            match &log.end {
                None => {
                    is_unended = true;
                    self.describe(log, "was still in it at the end");
                }
                Some(End::Lost(_)) if out.contains(&log.seat) => {}
                Some(End::Lost(why)) if log.results.is_empty() => {
                    self.missing += 1;
                    let at = log.heard.as_secs_f64();
                    let tick = log.stays.last().and_then(|stay| stay.shown.last());
                    let tick = tick.map_or("none".to_owned(), |(tick, _)| tick.to_string());
                    self.describe(
                        log,
                        &format!(
                            "was told no result, was shown tick {tick} last at {at:.1} s: {why}"
                        ),
                    );
                }
                Some(End::Told) if log.results.is_empty() => {
                    self.missing += 1;
                    self.describe(log, "was told no result");
                }
                Some(_) => {}
            }
        }
        self.unended += u64::from(is_unended);
        if told.len() > 1 {
            self.different += 1;
            self.say(format!("match {id}: its results are {told:?}"));
        }
    }

    fn describe(&mut self, log: &Log, what: &str) {
        let Log {
            match_id, player, ..
        } = log;
        self.say(format!("match {match_id}: player {player} {what}"));
    }

    fn say(&mut self, what: String) {
        if self.examples.len() < DESCRIBED {
            self.examples.push(what);
        }
    }
}

fn name(stay: &Stay) -> String {
    format!("epoch {} of {}", stay.epoch, stay.server)
}
