//! How much one sender may say, over all replicas.

use std::num::NonZeroU32;

/// How much one sender may say, counted in Redis along with publishing: so it holds over all replicas, and costs no
/// question of its own.
#[derive(Clone, Debug)]
pub struct Limit {
    /// Who is counted. It stands in Redis, so it must be nothing by which somebody can be impersonated.
    pub sender: String,
    /// Messages a second, and twice as many at once.
    pub per_second: NonZeroU32,
}

impl Limit {
    /// The milliseconds that each message counts.
    pub(crate) fn interval(&self) -> f64 {
        1000.0 / f64::from(self.per_second.get())
    }

    /// How many may be said at once.
    pub(crate) fn burst(&self) -> u64 {
        2 * u64::from(self.per_second.get())
    }
}
