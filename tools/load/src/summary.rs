//! The result of a run, for people and for machines.

use std::{collections::BTreeMap, fmt, time::Duration};

use bot::tally::Tally;
use serde::Serialize;

use crate::{client::STILL_OPEN, latency::Latency, state::Counts};

/// What came of a run.
#[derive(Clone, Debug, Serialize)]
pub struct Summary {
    /// Clients that had a socket and checked what came.
    pub clients: usize,
    /// How many clients each replica held.
    pub replicas: BTreeMap<String, usize>,
    /// How long messages were sent.
    #[serde(serialize_with = "seconds")]
    pub sending: Duration,
    /// From the first send to the last delivery.
    #[serde(serialize_with = "seconds")]
    pub delivering: Duration,
    /// Messages sent.
    pub sent: u64,
    /// Messages that the server refused.
    pub refused: u64,
    /// Messages that the server neither acknowledged nor refused.
    pub unanswered: u64,
    /// What was owed, delivered, lost, doubled and out of order.
    #[serde(flatten)]
    pub tally: Tally,
    /// From sending to delivery, in milliseconds.
    pub latency: Latency,
    /// Errors of the server, by their words.
    pub errors: Counts,
    /// Sockets that were refused, by the answer.
    pub refusals: Counts,
    /// Sockets that closed before the end, by code.
    pub closes: Counts,
    /// How the sockets of clients that never read ended, by code.
    pub slow_ends: Counts,
}

impl Summary {
    /// Deliveries a second, from the first send to the last delivery.
    #[must_use]
    pub fn deliveries_per_second(&self) -> f64 {
        self.tally.delivered as f64 / self.delivering.as_secs_f64().max(0.001)
    }

    /// What was not as it should be, in words; nothing if all was well.
    #[must_use]
    pub fn faults(&self) -> Vec<String> {
        let counts = |counts: &Counts| counts.values().sum::<u64>();
        let still_open = self.slow_ends.get(STILL_OPEN).copied().unwrap_or(0);
        let all = [
            (self.tally.lost, "deliveries were lost"),
            (self.tally.duplicated, "deliveries were made twice"),
            (self.tally.out_of_order, "deliveries were out of order"),
            (self.refused, "messages were refused"),
            (self.unanswered, "messages got no answer"),
            (counts(&self.refusals), "sockets were refused"),
            (counts(&self.closes), "sockets closed early"),
            (
                still_open,
                "clients that never read were left open by the server",
            ),
        ];
        let faults = all.iter().filter(|(count, _)| *count > 0);
        faults
            .map(|(count, what)| format!("{count} {what}"))
            .collect()
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let row = |f: &mut fmt::Formatter<'_>, name: &str, value: String| {
            writeln!(f, "  {name:<14}{value}")
        };
        let replicas: Vec<String> = self
            .replicas
            .iter()
            .map(|(id, clients)| format!("{id} {clients}"))
            .collect();
        let seconds = self.sending.as_secs_f64();
        writeln!(
            f,
            "{} clients, {} messages in {seconds:.1} s",
            self.clients, self.sent
        )?;
        row(f, "sockets", replicas.join(", "))?;
        let Tally {
            acknowledged,
            owed,
            delivered,
            lost,
            duplicated,
            out_of_order,
        } = self.tally;
        row(
            f,
            "messages",
            format!(
                "{acknowledged} acknowledged, {} refused, {} unanswered",
                self.refused, self.unanswered
            ),
        )?;
        let rate = self.deliveries_per_second();
        row(
            f,
            "delivered",
            format!("{delivered} of {owed} owed, {rate:.0} a second"),
        )?;
        row(
            f,
            "wrong",
            format!("{lost} lost, {duplicated} twice, {out_of_order} out of order"),
        )?;
        let Latency { p50, p90, p99, max } = self.latency;
        row(
            f,
            "latency",
            format!("p50 {p50:.1} ms, p90 {p90:.1} ms, p99 {p99:.1} ms, max {max:.1} ms"),
        )?;
        for (name, counts) in [
            ("errors", &self.errors),
            ("refused", &self.refusals),
            ("closed early", &self.closes),
            ("never read", &self.slow_ends),
        ] {
            for (what, count) in counts {
                row(f, name, format!("{count} × {what}"))?;
            }
        }
        Ok(())
    }
}

fn seconds<S: serde::Serializer>(duration: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64(duration.as_secs_f64())
}
