//! All rounds together.

use std::fmt;

use super::contender::{Kind, Sample};

/// What ours may cost at most, as a share of another server's cost. It was 1.18, 0.66 and 0.41 when this was written, with five inputs a second;
/// more than this means that something was made worse.
const AT_MOST: [(Kind, f64); 3] = [(Kind::Raw, 1.25), (Kind::Ws, 0.75), (Kind::Colyseus, 0.45)];

/// What came of all rounds.
#[derive(Clone, Debug)]
pub struct Results {
    matches: u32,
    samples: Vec<Sample>,
}

impl Results {
    /// Of these samples, with so many matches on each server.
    #[must_use]
    pub fn of(matches: u32, samples: Vec<Sample>) -> Results {
        Results { matches, samples }
    }

    /// Whether each ratio is what it may be at most.
    #[must_use]
    pub fn hold(&self) -> bool {
        let mut ratios = AT_MOST.iter();
        ratios.all(|(other, at_most)| self.ratio(*other).is_none_or(|ratio| ratio <= *at_most))
    }

    /// What ours costs as a share of another one's cost, by their medians.
    fn ratio(&self, other: Kind) -> Option<f64> {
        let cost = |kind| self.median(kind, |sample| Some(sample.cost));
        Some(cost(Kind::Ours)? / cost(other)?)
    }

    fn median(&self, kind: Kind, number: impl Fn(&Sample) -> Option<f64>) -> Option<f64> {
        let samples = self.samples.iter().filter(|sample| sample.kind == kind);
        let mut numbers: Vec<f64> = samples.filter_map(number).collect();
        numbers.sort_by(f64::total_cmp);
        numbers.get(numbers.len() / 2).copied()
    }
}

impl fmt::Display for Sample {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:.0} CPU µs a player-second, {:.1} KB a player",
            self.cost,
            self.bytes / 1e3
        )?;
        self.late
            .map_or(Ok(()), |late| write!(f, ", late by {late:.1} ms at p99"))
    }
}

impl fmt::Display for Results {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let players = self.matches * 8;
        writeln!(f, "{} matches, {players} players. Medians:", self.matches)?;
        writeln!(
            f,
            "{:>10} {:>22} {:>12} {:>14} {:>12}",
            "", "CPU µs a player-second", "KB a player", "late p99, ms", "ours is"
        )?;
        for kind in [Kind::Raw, Kind::Ours, Kind::Ws, Kind::Colyseus] {
            let Some(cost) = self.median(kind, |sample| Some(sample.cost)) else {
                continue;
            };
            let bytes = self
                .median(kind, |sample| Some(sample.bytes))
                .unwrap_or_default();
            let late = self.median(kind, |sample| sample.late);
            let late = late.map_or("".to_owned(), |late| format!("{late:.1}"));
            let ratio = self.ratio(kind).filter(|_| kind != Kind::Ours);
            let ratio = ratio.map_or("".to_owned(), |ratio| format!("{ratio:.2} of it"));
            writeln!(
                f,
                "{kind:>10} {cost:>22.0} {:>12.1} {late:>14} {ratio:>12}",
                bytes / 1e3
            )?;
        }
        for (other, at_most) in AT_MOST {
            if let Some(ratio) = self.ratio(other).filter(|ratio| *ratio > at_most) {
                writeln!(
                    f,
                    "ours costs {ratio:.2} of {other}, and may cost {at_most}"
                )?;
            }
        }
        Ok(())
    }
}
