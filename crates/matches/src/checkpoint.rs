//! What is kept of a match, so that another server can go on with it.

/// A match exactly as it stood between two ticks. Only game servers can read it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// In which format it is. Whoever writes one format reads all older ones, and no newer one.
    pub version: u32,
    /// The last tick that was played; 0 before the first one.
    pub tick: u32,
    /// The match itself.
    pub bytes: Vec<u8>,
}
