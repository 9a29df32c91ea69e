//! Counters, gauges and histograms, one for each value of a label.

use std::marker::PhantomData;

use prometheus_client::metrics::{counter::Counter, gauge::Gauge, histogram::Histogram};

use crate::{
    label::Label,
    registry::{self, Labels, Series},
};

/// A counter for each value of a label.
#[derive(Debug)]
pub struct Counters<L>(Vec<Counter>, PhantomData<L>);

/// A number that goes up and down, for each value of a label.
#[derive(Debug)]
pub struct Gauges<L>(Vec<Gauge>, PhantomData<L>);

/// A histogram of seconds for each value of a label.
#[derive(Debug)]
pub struct Timings<L>(Vec<Histogram>, PhantomData<L>);

/// A counter. Its name is given without `_total`, which is put behind it where it is told.
#[must_use]
pub fn counter(name: &'static str, help: &'static str) -> Counter {
    let counter = Counter::default();
    registry::register(name, help, vec![(Labels::new(), counter.clone())]);
    counter
}

/// A number that goes up and down.
#[must_use]
pub fn gauge(name: &'static str, help: &'static str) -> Gauge {
    let gauge = Gauge::default();
    registry::register(name, help, vec![(Labels::new(), gauge.clone())]);
    gauge
}

/// A histogram of seconds, with a bucket up to each of these.
#[must_use]
pub fn timing(name: &'static str, help: &'static str, bounds: &[f64]) -> Histogram {
    let histogram = Histogram::new(bounds.iter().copied());
    registry::register(name, help, vec![(Labels::new(), histogram.clone())]);
    histogram
}

impl<L: Label> Counters<L> {
    /// Counters at 0. Their name is given without `_total`.
    #[must_use]
    pub fn new(name: &'static str, help: &'static str) -> Counters<L> {
        Counters(register(name, help, L::ALL, Counter::default), PhantomData)
    }

    /// It has happened once more.
    pub fn count(&self, label: L) {
        self.0[label.index()].inc();
    }

    /// How often it has happened.
    #[must_use]
    pub fn get(&self, label: L) -> u64 {
        self.0[label.index()].get()
    }
}

impl<L: Label> Gauges<L> {
    /// Gauges at 0 for these values of the label: what a service does not have it does not speak of.
    #[must_use]
    pub fn of(name: &'static str, help: &'static str, values: &[L]) -> Gauges<L> {
        Gauges(register(name, help, values, Gauge::default), PhantomData)
    }

    /// It is so now.
    pub fn set(&self, label: L, value: i64) {
        self.0[label.index()].set(value);
    }
}

impl<L: Label> Counters<L> {
    /// Counters at 0 for these values of the label: what a service does not have it does not speak of.
    #[must_use]
    pub fn of(name: &'static str, help: &'static str, values: &[L]) -> Counters<L> {
        Counters(register(name, help, values, Counter::default), PhantomData)
    }
}

impl<L: Label> Timings<L> {
    /// Empty histograms for these values of the label, with a bucket up to each of these bounds.
    #[must_use]
    pub fn of(name: &'static str, help: &'static str, values: &[L], bounds: &[f64]) -> Timings<L> {
        let empty = || Histogram::new(bounds.iter().copied());
        Timings(register(name, help, values, empty), PhantomData)
    }

    /// It has taken so many seconds.
    pub fn observe(&self, label: L, seconds: f64) {
        self.0[label.index()].observe(seconds);
    }
}

/// A metric for each value of the label, of which these are told.
fn register<L: Label, M: Series>(
    name: &'static str,
    help: &'static str,
    told: &[L],
    new: impl Fn() -> M,
) -> Vec<M> {
    let all: Vec<M> = L::ALL.iter().map(|_| new()).collect();
    let series = told
        .iter()
        .map(|label| (vec![(L::NAME, label.text())], all[label.index()].clone()));
    registry::register(name, help, series.collect());
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    crate::label! {
        /// What has become of it.
        enum Outcome = "outcome" {
            Good = "good",
            Bad = "bad",
        }
    }

    #[test]
    fn all_series_are_there_before_anything_has_happened() {
        let counters = Counters::new("tests_of_counters", "Tests.");
        let text = registry::text();
        for line in [
            "# TYPE tests_of_counters counter",
            r#"tests_of_counters_total{outcome="good"} 0"#,
            r#"tests_of_counters_total{outcome="bad"} 0"#,
        ] {
            assert!(text.lines().any(|told| told == line), "{line}: {text}");
        }
        counters.count(Outcome::Bad);
        let line = r#"tests_of_counters_total{outcome="bad"} 1"#;
        assert!(registry::text().contains(line));
        assert_eq!(counters.get(Outcome::Bad), 1);
    }

    #[test]
    fn what_a_service_does_not_have_is_not_told() {
        let up = Gauges::of("tests_of_gauges", "Tests.", &[Outcome::Good]);
        up.set(Outcome::Good, 1);
        up.set(Outcome::Bad, 1);
        let text = registry::text();
        assert!(
            text.contains(r#"tests_of_gauges{outcome="good"} 1"#),
            "{text}"
        );
        assert!(
            !text.contains(r#"tests_of_gauges{outcome="bad"}"#),
            "{text}"
        );
    }

    #[test]
    fn a_time_is_in_its_bucket_and_in_those_above() {
        let times = Timings::of("tests_of_times", "Tests.", Outcome::ALL, &[0.25, 0.3]);
        times.observe(Outcome::Good, 0.3);
        times.observe(Outcome::Good, 0.2);
        let text = registry::text();
        for line in [
            r#"tests_of_times_bucket{le="0.25",outcome="good"} 1"#,
            r#"tests_of_times_bucket{le="0.3",outcome="good"} 2"#,
            r#"tests_of_times_bucket{le="+Inf",outcome="good"} 2"#,
            r#"tests_of_times_count{outcome="bad"} 0"#,
        ] {
            assert!(text.lines().any(|told| told == line), "{line}: {text}");
        }
    }
}
