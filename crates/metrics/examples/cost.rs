//! What it costs to count, in nanoseconds: `cargo run --release -p metrics --example cost`.
//!
//! The best of several rounds is told, because other work on the machine can only make it slower.

use std::{hint::black_box, time::Instant};

use metrics::{Counters, Timings, counter, label, timing};

const ROUNDS: usize = 25;
const TIMES: u32 = 200_000;

label! {
    /// What has become of it.
    enum Outcome = "outcome" {
        Accepted = "accepted",
        Refused = "refused",
    }
}

fn main() {
    let one = counter("one", "One.");
    told("a counter", || {
        black_box(&one).inc_by(black_box(3));
    });
    let labelled: Counters<Outcome> = Counters::new("labelled", "Labelled.");
    told("a counter of a label", || {
        labelled.count(black_box(Outcome::Accepted));
    });
    told("a look at the clock", || {
        black_box(Instant::now());
    });
    let bounds = [
        0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.25, 0.3, 0.5, 1.0, 2.5, 5.0, 10.0,
    ];
    let seconds = timing("seconds", "Seconds.", &bounds);
    told("a time, without the clock", || {
        seconds.observe(black_box(0.003));
    });
    let all: Timings<Outcome> = Timings::of("all", "All.", &[Outcome::Refused], &bounds);
    told(
        "what is done for a request: two looks at the clock, a time, three counters",
        || {
            let begun = Instant::now();
            one.inc();
            all.observe(Outcome::Refused, begun.elapsed().as_secs_f64());
            labelled.count(Outcome::Accepted);
            one.inc();
        },
    );
}

fn told(what: &str, mut once: impl FnMut()) {
    let mut best = f64::MAX;
    for _ in 0..ROUNDS {
        let begun = Instant::now();
        for _ in 0..TIMES {
            once();
        }
        best = best.min(begun.elapsed().as_nanos() as f64 / f64::from(TIMES));
    }
    println!("{best:7.1} ns  {what}");
}
