//! All metrics of this process.

use std::{collections::BTreeMap, fmt};

use parking_lot::Mutex;
use prometheus_client::{
    collector::Collector,
    encoding::{DescriptorEncoder, EncodeMetric, NoLabelSet, text::encode},
    metrics::{MetricType, counter::Counter, gauge::Gauge, histogram::Histogram},
    registry::Registry,
};

/// The labels of one series. Both parts are texts of this program, so nobody else can make one.
pub type Labels = Vec<(&'static str, &'static str)>;

/// What the numbers of a family mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// It only grows.
    Counter,
    /// It goes up and down.
    Gauge,
}

/// What a family may consist of.
pub trait Series: EncodeMetric + Clone + Send + 'static {}

impl Series for Counter {}
impl Series for Gauge {}
impl Series for Histogram {}

static ALL: Mutex<BTreeMap<&'static str, Family>> = Mutex::new(BTreeMap::new());

struct Family {
    help: &'static str,
    kind: MetricType,
    write: Box<dyn Fn(Writing<'_>) -> fmt::Result + Send>,
}

type Writing<'a> = prometheus_client::encoding::MetricEncoder<'a>;

/// Has numbers told that somebody else keeps: they are read whenever they are asked for, so `numbers` may wait for nothing.
///
/// Counters are given without `_total`. Of two families of the same name the later one is told.
pub fn read(
    kind: Kind,
    name: &'static str,
    help: &'static str,
    numbers: impl Fn() -> Vec<(Labels, f64)> + Send + 'static,
) {
    let write = move |mut encoder: Writing<'_>| {
        for (labels, number) in numbers() {
            if labels.is_empty() {
                return write_number(&mut encoder, kind, number);
            }
            write_number(&mut encoder.encode_family(&labels)?, kind, number)?;
        }
        Ok(())
    };
    let kind = match kind {
        Kind::Counter => MetricType::Counter,
        Kind::Gauge => MetricType::Gauge,
    };
    let write = Box::new(write);
    ALL.lock().insert(name, Family { help, kind, write });
}

/// Everything, as OpenMetrics has it: lines of text for people and machines.
#[must_use]
pub fn text() -> String {
    let mut registry = Registry::default();
    registry.register_collector(Box::new(All));
    let mut text = String::new();
    match encode(&mut text, &registry) {
        Ok(()) => text,
        Err(error) => unreachable!("a text takes whatever is written into it: {error}"),
    }
}

/// Has these told from now on. Counters are given without `_total`.
pub fn register<M: Series>(name: &'static str, help: &'static str, series: Vec<(Labels, M)>) {
    let Some(kind) = series.first().map(|(_, metric)| metric.metric_type()) else {
        return;
    };
    let write = move |mut encoder: Writing<'_>| {
        for (labels, metric) in &series {
            // What has no labels is the only one of its name.
            if labels.is_empty() {
                return metric.encode(encoder);
            }
            metric.encode(encoder.encode_family(labels)?)?;
        }
        Ok(())
    };
    let write = Box::new(write);
    ALL.lock().insert(name, Family { help, kind, write });
}

fn write_number(series: &mut Writing<'_>, kind: Kind, number: f64) -> fmt::Result {
    match kind {
        Kind::Counter => series.encode_counter::<NoLabelSet, f64, f64>(&number, None),
        Kind::Gauge => series.encode_gauge(&number),
    }
}

/// The library's way to what is registered here.
#[derive(Debug)]
struct All;

impl Collector for All {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        for (name, family) in ALL.lock().iter() {
            let series = encoder.encode_descriptor(name, family.help, None, family.kind)?;
            (family.write)(series)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_others_keep_is_read_when_it_is_asked_for() {
        read(Kind::Gauge, "tests_of_reading", "Tests.", || {
            vec![(vec![("a", "b")], 2.5)]
        });
        read(Kind::Counter, "tests_of_growth", "Tests.", || {
            vec![(Labels::new(), 7.0)]
        });
        let text = text();
        assert!(text.contains("tests_of_reading{a=\"b\"} 2.5\n"), "{text}");
        assert!(text.contains("tests_of_growth_total 7.0\n"), "{text}");
        assert!(text.ends_with("# EOF\n"), "{text}");
    }

    #[test]
    fn of_two_with_the_same_name_the_later_one_is_told() {
        for number in [1.0, 2.0] {
            read(Kind::Gauge, "tests_of_names", "Tests.", move || {
                vec![(Labels::new(), number)]
            });
        }
        let text = text();
        let told = text
            .lines()
            .filter(|line| line.starts_with("tests_of_names"));
        assert_eq!(told.collect::<Vec<_>>(), ["tests_of_names 2.0"]);
    }
}
