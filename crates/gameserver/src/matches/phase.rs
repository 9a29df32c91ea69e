//! How far a match is.

use axum::body::Bytes;
use tokio::time::Instant;

/// How far a match is.
#[derive(Clone, Debug)]
pub enum Phase {
    /// Somebody is on the way here with a ticket.
    Idle,
    /// It is about to begin.
    Gathering {
        /// At this time at the latest.
        starts_at: Instant,
    },
    /// It is played.
    Playing(View),
    /// It has ended.
    Over {
        /// The seat that has won, if one has.
        winner: Option<u8>,
        /// When its sockets are closed.
        closes_at: Instant,
        /// Where everybody was at the end.
        view: View,
    },
    /// It has ended without a result, for this reason: a word for programs, and a sentence.
    Cancelled(&'static str, &'static str),
}

/// A match as whoever comes now finds it.
#[derive(Clone, Debug)]
pub struct View {
    /// The tick.
    pub tick: u32,
    /// The lives of each seat's goat.
    pub lives: Vec<u8>,
    /// The snapshot of this tick.
    pub snapshot: Bytes,
}

impl Phase {
    /// What it is called in `GET /game/`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Phase::Idle => "idle",
            Phase::Gathering { .. } => "gathering",
            Phase::Playing(_) => "playing",
            Phase::Over { .. } => "over",
            Phase::Cancelled(..) => "cancelled",
        }
    }

    /// What there is to see.
    #[must_use]
    pub fn view(&self) -> Option<&View> {
        match self {
            Phase::Playing(view) | Phase::Over { view, .. } => Some(view),
            Phase::Idle | Phase::Gathering { .. } | Phase::Cancelled(..) => None,
        }
    }
}
