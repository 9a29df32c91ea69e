//! What each panel shows of what has happened in `boards.rs`, with two web servers and a game server for three matches.

use anyhow::{Context, bail, ensure};
use board::{Data, NamedLine};

/// What happens, in numbers. `boards.rs` makes it happen.
pub const LOGINS: usize = 10;
pub const LOGINS_REFUSED: usize = 5;
pub const SOCKETS: usize = 6;
pub const SOCKETS_CLOSED: usize = 2;
pub const MESSAGES: usize = 15;
pub const MESSAGES_REFUSED: usize = 3;
pub const ASKED: usize = 190;
pub const FAILED: usize = 10;
pub const PLAYED: usize = 2;

/// Any line, or any row.
const ANY: &str = "";

/// What a panel shows.
#[derive(Clone, Copy, Debug)]
pub enum Expected {
    /// Exactly this number.
    Number(f64),
    /// So many things that have happened. An engine that guesses what was before the first answer says a little more.
    Count(usize),
    /// As many things as there were requests.
    Requests,
    /// A number between these.
    Between(f64, f64),
    /// Nothing, or no more than this. It may be 0, which is what is shown of a metric that is not there, too.
    AtMost(f64),
    /// Lines of these names, whose areas are so many things.
    Areas(&'static [(&'static str, usize)]),
    /// Two lines, of the two web servers, whose areas are so many things together.
    AreaOfBoth(usize),
    /// The same, of as many things as there were requests.
    RequestsOfBoth,
    /// Lines of these names, which end with these numbers.
    Ends(&'static [(&'static str, f64)]),
    /// Two lines, of the two web servers, whose ends are this number together.
    EndOfBoth(f64),
    /// Lines of these names, whose highest points are between these.
    Peaks(&'static [(&'static str, f64, f64)]),
    /// Rows with these labels among theirs, whose numbers are between these.
    Rows(&'static [(&'static str, f64, f64)]),
}

use Expected::{
    AreaOfBoth, Areas, AtMost, Between, Count, EndOfBoth, Ends, Number, Peaks, Requests,
    RequestsOfBoth, Rows,
};

/// How far a number of things may be from what it was.
const COUNTED: f64 = 0.1;

/// The same for the area of a line, of which there is a point every two seconds only, and fewer answers where the machine is busy. Of what has
/// happened once or twice it says little.
const DRAWN: f64 = 0.5;
const DRAWN_ONCE: f64 = 1.5;

/// What only whoever looks at the rules can say.
pub const OF_RULES: [&str; 2] = ["How fast the budget burns", "Alerts"];

/// Of each board.
pub const BOARDS: &[(&str, &[(&str, Expected)])] = &[
    (
        "requests",
        &[
            ("Requests", Requests),
            ("Errors", Between(0.03, 0.05)),
            ("Slower than 0.3 s", Between(0.03, 0.08)),
            ("Under way", AtMost(3.0)),
            ("Answers", Areas(&[("webserver 5xx", FAILED)])),
            (
                "How long",
                Peaks(&[("p50", 0.001, 1.0), ("p95", 0.001, 1.0), ("p99", 0.4, 1.0)]),
            ),
            ("By replica", RequestsOfBoth),
            (
                "How fast the budget burns",
                Peaks(&[("5 minutes", 30.0, 200.0), ("1 hour", 30.0, 200.0)]),
            ),
            ("Slowest routes", Rows(&[("/api/me", 0.001, 1.0)])),
            (
                "Routes with errors",
                Rows(&[("/api/me", 0.9 * FAILED as f64, 1.1 * FAILED as f64)]),
            ),
            ("At Traefik", Peaks(&[("200", 0.5, 1000.0)])),
            (
                "Logins",
                Areas(&[("accepted", LOGINS), ("refused", LOGINS_REFUSED)]),
            ),
        ],
    ),
    (
        "chat",
        &[
            ("Sockets", Number(SOCKETS as f64)),
            ("Messages", Count(MESSAGES)),
            ("Deliveries", Count(MESSAGES * SOCKETS)),
            ("Redis", Number(1.0)),
            (
                "Messages in",
                Areas(&[
                    ("accepted", MESSAGES),
                    ("refused", MESSAGES_REFUSED),
                    ("failed", 0),
                ]),
            ),
            ("Messages out", AreaOfBoth(MESSAGES * SOCKETS)),
            (
                "From Redis to the sockets",
                Peaks(&[
                    ("p50", 0.0001, 5.0),
                    ("p95", 0.0001, 5.0),
                    ("p99", 0.0001, 5.0),
                ]),
            ),
            ("Sockets by replica", EndOfBoth(SOCKETS as f64)),
            ("Sockets closed", Areas(&[("chat gone", SOCKETS_CLOSED)])),
            ("Cut off", Areas(&[("chat", 0), ("game", 0)])),
            (
                "How long Redis takes",
                Peaks(&[
                    ("sessions", 0.3, 2.0),
                    ("pubsub", 0.0001, 2.0),
                    ("matches", 0.0001, 2.0),
                ]),
            ),
            (
                "Redis fails",
                Peaks(&[
                    ("webserver sessions", 0.5, 20.0),
                    ("webserver pubsub", 0.0, 5.0),
                    ("gameserver matches", 0.0, 5.0),
                ]),
            ),
        ],
    ),
    (
        "matches",
        &[
            ("Matches", Number(1.0)),
            ("Players", Number(1.0)),
            // One match has begun. Those of it are free for its first seconds only.
            ("Free seats", Between(16.0, 23.0)),
            ("Late ticks", AtMost(0.5)),
            (
                "Matches by phase",
                Ends(&[("gathering", 0.0), ("playing", 1.0)]),
            ),
            (
                "Seats",
                Peaks(&[("players", 1.0, 1.0), ("free", 24.0, 24.0)]),
            ),
            ("How long a tick takes", Peaks(&[(ANY, 0.000_01, 0.1)])),
            ("Ticks", Peaks(&[(ANY, 5.0, 30.0)])),
            (
                "How long one waits for a seat",
                Peaks(&[("p50", 0.001, 1.0), ("p99", 0.001, 1.0)]),
            ),
            (
                "Asking for a seat",
                Areas(&[("seated", PLAYED), ("waiting", 0)]),
            ),
            (
                "How matches end",
                Peaks(&[("deserted", 0.9, 1.5), ("won", 0.0, 0.0)]),
            ),
            ("Tickets", Areas(&[("accepted", PLAYED), ("refused", 0)])),
            ("Game servers", Rows(&[(ANY, 3.0, 3.0)])),
            ("Matches begun", Count(PLAYED)),
        ],
    ),
    (
        "machine",
        &[
            ("Web servers", Number(2.0)),
            ("Game servers", Number(1.0)),
            ("Alerts", Between(1.0, 9.0)),
            ("Lost records", AtMost(0.0)),
            (
                "Processors",
                Peaks(&[("webserver-1", 0.001, 2.0), ("webserver-2", 0.001, 2.0)]),
            ),
            (
                "Memory",
                Peaks(&[("webserver-1", 4e6, 1e9), ("webserver-2", 4e6, 1e9)]),
            ),
            (
                "Open files",
                Peaks(&[("webserver-1", 10.0, 1000.0), ("webserver-2", 10.0, 1000.0)]),
            ),
            ("Replicas", Ends(&[("webserver", 2.0), ("gameserver", 1.0)])),
            (
                "Since when",
                Rows(&[("webserver-1", 5.0, 3600.0), ("webserver-2", 5.0, 3600.0)]),
            ),
            (
                "Builds",
                Rows(&[("webserver", 2.0, 2.0), ("gameserver", 1.0, 1.0)]),
            ),
            (
                "Series",
                Peaks(&[("webserver-1", 300.0, 1000.0), ("traefik", 20.0, 1000.0)]),
            ),
            (
                "How long asking takes",
                Peaks(&[("webserver-1", 0.0001, 0.9), ("prometheus", 0.0001, 0.9)]),
            ),
        ],
    ),
];

impl Expected {
    /// Whether a panel shows this, after so many requests: the least and the most that may have been seen.
    pub fn compare(self, shown: &Data, (least, most): (f64, f64)) -> anyhow::Result<()> {
        let requests =
            |it, tolerance| between(it, least * (1.0 - tolerance), most * (1.0 + tolerance));
        match (self, shown) {
            (AtMost(most), _) => number(shown).and_then(|it| between(it, 0.0, most)),
            (Number(expected), _) => number(shown).and_then(|it| is(it, expected, 0.0)),
            (Count(times), _) => number(shown).and_then(|it| is(it, times as f64, COUNTED)),
            (Requests, _) => number(shown).and_then(|it| requests(it, COUNTED)),
            (Between(least, most), _) => number(shown).and_then(|it| between(it, least, most)),
            (Areas(lines), _) => lines.iter().try_for_each(|(name, times)| {
                drawn(area(line(shown, name)?), *times).with_context(|| *name)
            }),
            (AreaOfBoth(times), _) => drawn(both(shown, area)?, times),
            (RequestsOfBoth, _) => requests(both(shown, area)?, DRAWN),
            (Ends(lines), _) => lines.iter().try_for_each(|(name, expected)| {
                is(end(line(shown, name)?), *expected, 0.0).with_context(|| *name)
            }),
            (EndOfBoth(expected), _) => is(both(shown, end)?, expected, 0.0),
            (Peaks(lines), _) => lines.iter().try_for_each(|(name, least, most)| {
                between(peak(line(shown, name)?), *least, *most).with_context(|| *name)
            }),
            (Rows(rows), Data::Rows { rows: found, .. }) => {
                rows.iter().try_for_each(|(label, least, most)| {
                    let has =
                        |labels: &[String]| *label == ANY || labels.iter().any(|it| it == label);
                    let row = found.iter().find(|row| has(&row.labels));
                    let row = row.with_context(|| format!("there is no row {label:?}"))?;
                    between(row.value, *least, *most).with_context(|| *label)
                })
            }
            (Rows(_), _) => bail!("it shows no rows"),
        }
    }
}

fn is(value: f64, expected: f64, tolerance: f64) -> anyhow::Result<()> {
    let is_right = (value - expected).abs() <= tolerance * expected;
    ensure!(is_right, "it shows {value} in place of {expected}");
    Ok(())
}

/// Whether an area is so many things. Of nothing there is none.
fn drawn(value: f64, times: usize) -> anyhow::Result<()> {
    let times = times as f64;
    let most = (DRAWN * times).max(DRAWN_ONCE).min(times);
    let is_right = (value - times).abs() <= most && (value > 0.0 || times == 0.0);
    ensure!(is_right, "it shows {value} in place of {times}");
    Ok(())
}

fn between(value: f64, least: f64, most: f64) -> anyhow::Result<()> {
    let is_right = (least..=most).contains(&value);
    ensure!(
        is_right,
        "it shows {value}, which is not in {least}..={most}"
    );
    Ok(())
}

fn number(shown: &Data) -> anyhow::Result<f64> {
    let Data::Number { value } = shown else {
        bail!("it shows no number");
    };
    value.context("it shows nothing")
}

fn line<'shown>(shown: &'shown Data, name: &str) -> anyhow::Result<&'shown NamedLine> {
    let Data::Lines { lines } = shown else {
        bail!("it shows no lines");
    };
    let found = lines.iter().find(|line| name == ANY || line.name == name);
    found.with_context(|| {
        let names: Vec<&str> = lines.iter().map(|line| line.name.as_str()).collect();
        format!("there is no line {name:?} among {names:?}")
    })
}

/// What the lines of both web servers are together.
fn both(shown: &Data, of: impl Fn(&NamedLine) -> f64) -> anyhow::Result<f64> {
    Ok(of(line(shown, "webserver-1")?) + of(line(shown, "webserver-2")?))
}

/// How much has happened, where a line is so much each second.
fn area(line: &NamedLine) -> f64 {
    let step = board::SCRAPE_INTERVAL.as_secs_f64();
    values(line).map(|value| step * value).sum()
}

fn peak(line: &NamedLine) -> f64 {
    values(line).fold(f64::MIN, f64::max)
}

fn end(line: &NamedLine) -> f64 {
    values(line).last().unwrap_or(f64::NAN)
}

/// What is no number is not drawn.
fn values(line: &NamedLine) -> impl Iterator<Item = f64> {
    let values = line.points.iter().map(|(_, value)| *value);
    values.filter(|value| value.is_finite())
}
