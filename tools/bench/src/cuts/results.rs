//! What came of all cuts.

use std::{fmt, time::Duration};

/// How soon a player must play on, and how many snapshots may come at once, at the median of each length.
const BACK_WITHIN: Duration = Duration::from_millis(100);
const AT_ONCE: usize = 10;

/// What came of one cut.
#[derive(Clone, Copy, Debug)]
pub struct Sample {
    /// How long the network was away.
    pub cut: Duration,
    /// How soon after it was back a snapshot came.
    pub back_after: Duration,
    /// How many came at once with it.
    pub at_once: usize,
    /// Whether they came over another socket than before.
    pub is_other_socket: bool,
    /// Whether the player has the same seat as before.
    pub is_kept: bool,
}

/// What came of all cuts.
#[derive(Clone, Debug)]
pub struct Results {
    samples: Vec<Sample>,
}

/// Those of one length.
struct Row {
    cut: Duration,
    back_after: Vec<Duration>,
    at_once: Vec<usize>,
    others: usize,
    lost: usize,
}

impl Results {
    /// Of these samples.
    #[must_use]
    pub fn of(samples: Vec<Sample>) -> Results {
        Results { samples }
    }

    /// Whether all is as it should be.
    #[must_use]
    pub fn hold(&self) -> bool {
        self.rows().iter().all(|row| {
            let is_soon = median(&row.back_after) <= BACK_WITHIN;
            is_soon && median(&row.at_once) <= AT_ONCE && row.lost == 0
        })
    }

    fn rows(&self) -> Vec<Row> {
        let mut cuts: Vec<Duration> = self.samples.iter().map(|sample| sample.cut).collect();
        cuts.sort();
        cuts.dedup();
        cuts.into_iter().map(|cut| self.row(cut)).collect()
    }

    fn row(&self, cut: Duration) -> Row {
        let samples = || self.samples.iter().filter(|sample| sample.cut == cut);
        let mut back_after: Vec<Duration> = samples().map(|sample| sample.back_after).collect();
        let mut at_once: Vec<usize> = samples().map(|sample| sample.at_once).collect();
        back_after.sort();
        at_once.sort();
        Row {
            cut,
            back_after,
            at_once,
            others: samples().filter(|sample| sample.is_other_socket).count(),
            lost: samples().filter(|sample| !sample.is_kept).count(),
        }
    }
}

/// The one in the middle of these, which are in order and not none.
fn median<T: Copy>(sorted: &[T]) -> T {
    sorted[sorted.len() / 2]
}

impl fmt::Display for Sample {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let socket = if self.is_other_socket {
            "another socket"
        } else {
            "the same socket"
        };
        write!(
            f,
            "back after {:.0} ms over {socket}, {} at once",
            milliseconds(self.back_after),
            self.at_once
        )?;
        if self.is_kept {
            return Ok(());
        }
        f.write_str(", and the seat is lost")
    }
}

impl fmt::Display for Results {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{:>8} {:>26} {:>20} {:>16} {:>12}",
            "away, s", "back after, ms", "snapshots at once", "another socket", "seats lost"
        )?;
        for row in self.rows() {
            let (first, last) = (row.back_after[0], row.back_after[row.back_after.len() - 1]);
            let back_after = format!(
                "{:.0} ({:.0} to {:.0})",
                milliseconds(median(&row.back_after)),
                milliseconds(first),
                milliseconds(last)
            );
            let most = row.at_once[row.at_once.len() - 1];
            let at_once = format!("{} (at most {most})", median(&row.at_once));
            let others = format!("{} of {}", row.others, row.back_after.len());
            writeln!(
                f,
                "{:>8} {back_after:>26} {at_once:>20} {others:>16} {:>12}",
                row.cut.as_secs_f64(),
                row.lost
            )?;
        }
        write!(
            f,
            "Medians, and in brackets how far they go. A player must be back after {:.0} ms, with {AT_ONCE} snapshots at once.",
            milliseconds(BACK_WITHIN)
        )
    }
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(back_after: u64) -> Sample {
        Sample {
            cut: Duration::from_secs(1),
            back_after: Duration::from_millis(back_after),
            at_once: 2,
            is_other_socket: true,
            is_kept: true,
        }
    }

    #[test]
    fn the_median_counts_and_no_seat_may_be_lost() {
        let samples = vec![sample(50), sample(60), sample(900)];
        let results = Results::of(samples.clone());
        assert!(results.hold(), "{results}");
        assert!(results.to_string().contains("60 (50 to 900)"), "{results}");
        assert!(!Results::of(vec![sample(101)]).hold());
        let lost = Sample {
            is_kept: false,
            ..sample(50)
        };
        assert!(!Results::of([samples, vec![lost]].concat()).hold());
    }
}
