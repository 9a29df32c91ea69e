//! What each panel is to show of two web servers and one game server as `exporter.rs` makes them.

use anyhow::{Context, bail, ensure};
use board::{Data, Panel};

/// What a panel is to show.
#[derive(Clone, Copy, Debug)]
pub enum Expected {
    /// This number.
    Number(f64),
    /// What has grown by so much each second since the begin.
    Grown(f64),
    /// Lines of these names, with these numbers at their end; others may be there.
    Lines(&'static [(&'static str, f64)]),
    /// Rows with these labels among theirs, and these numbers; others may be there.
    Rows(&'static [(&'static str, f64)]),
    /// A row with this label, and a number that has grown by so much each second.
    GrownRow(&'static str, f64),
    /// At least one line, or a number, which is not 0.
    Something,
}

use Expected::{Grown, GrownRow, Lines, Number, Rows, Something};

/// Rates are taken over a few answers, and clocks do not tick together.
const TOLERANCE: f64 = 0.06;

/// What is seen first was already so old. After it nothing may be missing.
const FIRST_SEEN_WITHIN: f64 = 10.0;

/// Of each board, in the order of its panels.
pub const BOARDS: &[(&str, &[(&str, Expected)])] = &[
    (
        "requests",
        &[
            ("Requests", Grown(200.0)),
            ("Errors", Number(0.05)),
            ("Slower than 0.3 s", Number(0.04)),
            ("Under way", Number(6.0)),
            (
                "Answers",
                Lines(&[("webserver 2xx", 190.0), ("webserver 5xx", 10.0)]),
            ),
            (
                "How long",
                Lines(&[("p50", 0.005), ("p95", 0.26667), ("p99", 0.45)]),
            ),
            (
                "By replica",
                Lines(&[("webserver-1", 100.0), ("webserver-2", 100.0)]),
            ),
            (
                "How fast the budget burns",
                Lines(&[("5 minutes", 50.0), ("1 hour", 50.0)]),
            ),
            ("Slowest routes", Rows(&[("/api/slow", 0.26667)])),
            ("Routes with errors", GrownRow("/api/slow", 10.0)),
            ("At Traefik", Something),
            ("Logins", Lines(&[("accepted", 8.0), ("refused", 2.0)])),
        ],
    ),
    (
        "chat",
        &[
            ("Sockets", Number(40.0)),
            ("Messages", Grown(20.0)),
            ("Deliveries", Grown(400.0)),
            ("Redis", Number(1.0)),
            (
                "Messages in",
                Lines(&[("accepted", 20.0), ("refused", 2.0), ("failed", 2.0)]),
            ),
            (
                "Messages out",
                Lines(&[("webserver-1", 200.0), ("webserver-2", 200.0)]),
            ),
            (
                "From Redis to the sockets",
                Lines(&[("p50", 0.005), ("p95", 0.0095), ("p99", 0.0099)]),
            ),
            (
                "Sockets by replica",
                Lines(&[("webserver-1", 20.0), ("webserver-2", 20.0)]),
            ),
            ("Sockets closed", Lines(&[("chat gone", 4.0)])),
            ("Cut off", Lines(&[("chat", 16.0)])),
            (
                "How long Redis takes",
                Lines(&[("pubsub", 0.00198), ("matches", 0.00198)]),
            ),
            (
                "Redis fails",
                Lines(&[("webserver pubsub", 4.0), ("gameserver matches", 2.0)]),
            ),
        ],
    ),
    (
        "matches",
        &[
            ("Matches", Number(5.0)),
            ("Players", Number(30.0)),
            ("Free seats", Number(370.0)),
            ("Late ticks", Number(0.01)),
            (
                "Matches by phase",
                Lines(&[("gathering", 1.0), ("playing", 5.0), ("over", 2.0)]),
            ),
            ("Seats", Lines(&[("players", 30.0), ("free", 370.0)])),
            (
                "How long a tick takes",
                Lines(&[("gameserver-1", 0.000_198)]),
            ),
            (
                "Ticks",
                Lines(&[("gameserver-1", 100.0), ("gameserver-1 late", 1.0)]),
            ),
            (
                "How long one waits for a seat",
                Lines(&[("p50", 1.0), ("p95", 1.9), ("p99", 1.98)]),
            ),
            (
                "Asking for a seat",
                Lines(&[("seated", 6.0), ("waiting", 2.0)]),
            ),
            ("How matches end", Lines(&[("won", 8.0), ("drawn", 8.0)])),
            ("Tickets", Lines(&[("accepted", 6.0)])),
            ("Game servers", Rows(&[("gameserver-1", 50.0)])),
            ("Matches begun", Grown(1.0)),
        ],
    ),
    (
        "machine",
        &[
            ("Web servers", Number(2.0)),
            ("Game servers", Number(1.0)),
            ("Alerts", Something),
            ("Lost records", Grown(3.0)),
            (
                "Processors",
                Lines(&[("webserver-1", 0.2), ("gameserver-1", 0.2)]),
            ),
            ("Memory", Lines(&[("webserver-2", 33_554_432.0)])),
            ("Open files", Lines(&[("gameserver-1", 64.0)])),
            (
                "Replicas",
                Lines(&[("webserver", 2.0), ("gameserver", 1.0)]),
            ),
            ("Since when", Rows(&[("webserver-1", 600.0)])),
            ("Builds", Rows(&[("webserver", 2.0), ("gameserver", 1.0)])),
            ("Series", Something),
            ("How long asking takes", Something),
        ],
    ),
];

/// What only whoever looks at the rules can say.
pub const OF_RULES: [&str; 2] = ["How fast the budget burns", "Alerts"];

impl Expected {
    /// Whether a panel shows this, so many seconds after the begin.
    pub fn compare(self, panel: &Panel, data: &Data, elapsed: f64) -> anyhow::Result<()> {
        let is = |value: f64, expected: f64| {
            let wrong = (value - expected).abs() > expected.abs() * TOLERANCE;
            ensure!(!wrong, "it shows {value} in place of {expected}");
            Ok(())
        };
        let grown = |value: f64, rate: f64| {
            let most = rate * (elapsed + 2.0);
            let least = rate * (elapsed - FIRST_SEEN_WITHIN);
            let fits = (least..=most).contains(&value);
            ensure!(fits, "it shows {value}, which is not in {least}..{most}");
            Ok(())
        };
        let compared = match (self, data) {
            (Number(expected), Data::Number { value }) => value
                .context("it shows nothing")
                .and_then(|value| is(value, expected)),
            (Grown(rate), Data::Number { value }) => value
                .context("it shows nothing")
                .and_then(|value| grown(value, rate)),
            (Lines(expected), Data::Lines { .. }) => expected
                .iter()
                .try_for_each(|(name, expected)| is(end_of(data, name)?, *expected)),
            (Rows(expected), Data::Rows { .. }) => expected
                .iter()
                .try_for_each(|(label, expected)| is(row_of(data, label)?, *expected)),
            (GrownRow(label, rate), Data::Rows { .. }) => {
                row_of(data, label).and_then(|value| grown(value, rate))
            }
            (Something, Data::Number { value }) => {
                let value = value.unwrap_or_default();
                ensure!(value > 0.0, "it shows nothing");
                Ok(())
            }
            (Something, Data::Lines { lines }) => {
                let points = lines.iter().flat_map(|line| &line.points);
                let found = points.filter(|(_, value)| *value > 0.0).count();
                ensure!(found > 0, "it shows nothing");
                Ok(())
            }
            _ => bail!("it is a panel of another kind"),
        };
        compared.with_context(|| format!("{} ({:?})", panel.title, panel.kind))
    }
}

/// The last number of the line of this name.
fn end_of(data: &Data, name: &str) -> anyhow::Result<f64> {
    let Data::Lines { lines } = data else {
        bail!("it shows no lines");
    };
    let line = lines.iter().find(|line| line.name == name);
    let line = line.with_context(|| {
        let names: Vec<&str> = lines.iter().map(|line| line.name.as_str()).collect();
        format!("there is no line {name:?} among {names:?}")
    })?;
    let (_, value) = line.points.last().context("the line has no point")?;
    Ok(*value)
}

/// The number in the row that has this label.
fn row_of(data: &Data, label: &str) -> anyhow::Result<f64> {
    let Data::Rows { rows, .. } = data else {
        bail!("it shows no rows");
    };
    let has = |labels: &[String]| labels.iter().any(|value| value == label);
    let row = rows.iter().find(|row| has(&row.labels));
    Ok(row
        .with_context(|| format!("there is no row {label:?}"))?
        .value)
}
