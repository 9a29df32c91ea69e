//! Who is waited for.

/// A server that requests wait for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Server {
    /// The Redis of the sessions.
    Sessions,
    /// The Redis of the messages.
    Pubsub,
    /// The Redis of the matches.
    Matches,
}
