//! What all bots have seen, put side by side.

use std::collections::{BTreeMap, BTreeSet};

use bot::lobby::Ticketed;
use parking_lot::Mutex;

use crate::report::Report;

/// What all bots have seen.
#[derive(Debug, Default)]
pub struct Record {
    seen: Mutex<Seen>,
}

#[derive(Debug, Default)]
struct Seen {
    matches: BTreeMap<String, Match>,
    tickets: BTreeSet<String>,
    report: Report,
}

/// One match, as all who were in it saw it.
#[derive(Debug, Default)]
struct Match {
    /// By the epoch and the tick: what is played again after a crash may come out differently, because players do something else.
    hashes: BTreeMap<(u32, u32), u32>,
    /// Who sits where at the moment.
    seats: BTreeSet<u8>,
    results: BTreeSet<String>,
}

impl Record {
    /// Somebody has got a ticket.
    pub fn ticket(&self, ticketed: &Ticketed) {
        let mut seen = self.seen.lock();
        seen.report.tickets += 1;
        if !seen.tickets.insert(ticketed.ticket.clone()) {
            seen.report.tickets_twice += 1;
        }
    }

    /// Somebody has sat down with it.
    pub fn sat_down(&self, id: &str, seat: u8) {
        let mut seen = self.seen.lock();
        seen.report.tickets_taken += 1;
        let is_free = seen
            .matches
            .entry(id.to_owned())
            .or_default()
            .seats
            .insert(seat);
        if !is_free {
            seen.report.seats_twice += 1;
        }
    }

    /// Somebody's socket is about to end, or has.
    pub fn got_up(&self, id: &str, seat: u8) {
        if let Some(its) = self.seen.lock().matches.get_mut(id) {
            its.seats.remove(&seat);
        }
    }

    /// Somebody was shown a state, by the server that had the match at this epoch.
    pub fn shown(&self, id: &str, epoch: u32, tick: u32, hash: u32) {
        let mut seen = self.seen.lock();
        let Seen {
            matches, report, ..
        } = &mut *seen;
        report.snapshots += 1;
        let Some(its) = matches.get_mut(id) else {
            return;
        };
        match its.hashes.insert((epoch, tick), hash) {
            Some(before) if before != hash => report.hashes_differ += 1,
            Some(_) => report.hashes_compared += 1,
            None => {}
        }
    }

    /// Somebody was told how a match has ended.
    pub fn result(&self, id: &str, result: &str) {
        let mut seen = self.seen.lock();
        seen.report.results_told += 1;
        let its = seen.matches.entry(id.to_owned()).or_default();
        its.results.insert(result.to_owned());
    }

    /// A party was seated.
    pub fn seated_together(&self, matches: &BTreeSet<String>) {
        let mut seen = self.seen.lock();
        seen.report.parties += 1;
        if matches.len() > 1 {
            seen.report.parties_split += 1;
        }
    }

    /// There was no room, and somebody waits for it.
    pub fn waits(&self) {
        self.seen.lock().report.waits += 1;
    }

    /// Somebody's network is away from now on.
    pub fn cut(&self) {
        self.seen.lock().report.cuts += 1;
    }

    /// Somebody came back over another socket, so often in one match.
    pub fn resumed(&self, times: u32) {
        self.seen.lock().report.resumed += u64::from(times);
    }

    /// Somebody has followed a match to another server, so often.
    pub fn moved(&self, times: u32) {
        self.seen.lock().report.moved += u64::from(times);
    }

    /// Somebody was refused, or sent away, who should not have been.
    pub fn failed(&self, why: &str) {
        let mut seen = self.seen.lock();
        *seen.report.failures.entry(why.to_owned()).or_default() += 1;
    }

    /// How far it is, in a line.
    #[must_use]
    pub fn progress(&self) -> String {
        let seen = self.seen.lock();
        let over = seen.matches.values().filter(|its| !its.results.is_empty());
        format!(
            "{} matches, {} of them over, {} snapshots",
            seen.matches.len(),
            over.count(),
            seen.report.snapshots
        )
    }

    /// What is to be said of it when all is over.
    #[must_use]
    pub fn report(&self) -> Report {
        let seen = self.seen.lock();
        let results = |is: fn(usize) -> bool| {
            let matches = seen.matches.values();
            matches.filter(|its| is(its.results.len())).count() as u64
        };
        let again = seen.matches.values().map(Match::played_again);
        Report {
            played_again: again.max().unwrap_or_default(),
            matches: seen.matches.len() as u64,
            without_result: results(|results| results == 0),
            results_differ: results(|results| results > 1),
            ..seen.report.clone()
        }
    }
}

impl Match {
    /// How many ticks it went back at most, when another server took it over.
    fn played_again(&self) -> u32 {
        let mut spans: BTreeMap<u32, (u32, u32)> = BTreeMap::new();
        for (epoch, tick) in self.hashes.keys() {
            let span = spans.entry(*epoch).or_insert((*tick, *tick));
            span.1 = *tick;
        }
        let spans: Vec<_> = spans.into_values().collect();
        let pairs = spans.iter().zip(spans.iter().skip(1));
        // Whoever goes on with the next tick has played none again.
        let again = pairs.map(|((_, last), (first, _))| (last + 1).saturating_sub(*first));
        again.max().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_that_another_server_plays_again_are_counted_and_may_come_out_differently() {
        let record = Record::default();
        record.sat_down("m", 0);
        for (epoch, ticks) in [(1, 1..=40), (2, 41..=60), (3, 51..=70)] {
            for tick in ticks {
                record.shown("m", epoch, tick, 100 * epoch + tick);
            }
        }
        let report = record.report();
        assert_eq!((report.hashes_differ, report.played_again), (0, 10));
        record.shown("m", 3, 70, 7);
        assert_eq!(record.report().hashes_differ, 1);
    }
}
