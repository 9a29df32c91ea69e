//! Numbers that look like chance, and are the same everywhere.

/// Makes another number of `seed` and `salt`: each of the 2^32 is as likely, and nobody sees from one what comes of its neighbour.
///
/// It has 32-bit arithmetic only, so that TypeScript has the same. (The finish is that of MurmurHash3.)
pub(crate) fn mix(seed: u32, salt: u32) -> u32 {
    let mut number = seed ^ salt.wrapping_mul(0x9E37_79B9);
    number = (number ^ (number >> 16)).wrapping_mul(0x85EB_CA6B);
    number = (number ^ (number >> 13)).wrapping_mul(0xC2B2_AE35);
    number ^ (number >> 16)
}
