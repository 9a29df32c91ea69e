//! How long, how far and how many: what all the rules count in.

/// Ticks in a second, if nobody plays faster or slower. Whatever the rules give in ticks is meant at this pace.
pub const TICKS_PER_SECOND: u32 = 20;

/// Sub-units in a pixel. Places are in sub-units, speeds in sub-units a tick.
pub const UNITS: i32 = 64;

/// The fewest goats of a match.
pub const MIN_SEATS: usize = 2;

/// The most goats of a match.
pub const MAX_SEATS: usize = 8;

/// The whole part of the square root of `number`, which is not negative: of a sum of squares it is a distance.
pub(crate) fn root(number: i64) -> i32 {
    // The root of an i64 is below 2^32, and of what the mountain measures far below 2^31.
    i32::try_from(number.max(0).isqrt()).unwrap_or(i32::MAX)
}
