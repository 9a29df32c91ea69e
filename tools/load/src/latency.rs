//! How long deliveries take.

use anyhow::Context;
use hdrhistogram::Histogram;
use serde::Serialize;

/// The longest latency that is counted as itself, in microseconds: a minute.
pub const LONGEST: u64 = 60_000_000;

/// Percentiles, in milliseconds.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct Latency {
    /// Half of the deliveries took no longer.
    pub p50: f64,
    /// Nine of ten.
    pub p90: f64,
    /// Ninety-nine of a hundred.
    pub p99: f64,
    /// The slowest delivery.
    pub max: f64,
}

impl Latency {
    /// The percentiles of a histogram of microseconds.
    #[must_use]
    pub fn of(histogram: &Histogram<u64>) -> Latency {
        let at = |quantile| histogram.value_at_quantile(quantile) as f64 / 1_000.0;
        Latency {
            p50: at(0.5),
            p90: at(0.9),
            p99: at(0.99),
            max: histogram.max() as f64 / 1_000.0,
        }
    }
}

/// A histogram of microseconds, up to a minute, to three digits.
///
/// # Errors
/// When there is no memory for it.
pub fn histogram() -> anyhow::Result<Histogram<u64>> {
    Histogram::new_with_bounds(1, LONGEST, 3).context("cannot make a histogram")
}
