//! How long ticks take.

use std::{sync::LazyLock, time::Duration};

use metrics::{Histogram, timing};

/// Bounds of the buckets, in seconds. A tick takes some ten microseconds, and there are 50 ms for it.
const BOUNDS: [f64; 9] = [
    0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
];

static TICK: LazyLock<Histogram> = LazyLock::new(|| {
    timing(
        "tick_duration_seconds",
        "Seconds that a tick of a match has taken, from its inputs to its snapshot.",
        &BOUNDS,
    )
});

/// Has it told from now on.
pub fn begin() {
    LazyLock::force(&TICK);
}

/// A tick has taken so long.
pub fn tick(time: Duration) {
    TICK.observe(time.as_secs_f64());
}
