//! What goes on at the moment.

use axum::body::Bytes;
use tokio::time::Instant;

/// What goes on at the moment.
#[derive(Clone, Debug)]
pub enum Phase {
    /// Nobody wants to play.
    Idle,
    /// A match is about to begin.
    Gathering {
        /// At this time at the latest.
        starts_at: Instant,
    },
    /// A match is played.
    Playing(View),
    /// A match has ended.
    Over {
        /// The seat that has won, if one has.
        winner: Option<u8>,
        /// When the next one gathers.
        next_at: Instant,
        /// Where everybody was at the end.
        view: View,
    },
    /// A match has ended by a fault of this server. The next one gathers soon.
    Failed,
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
            Phase::Failed => "failed",
        }
    }

    /// The match that is played, or was played last.
    #[must_use]
    pub fn view(&self) -> Option<&View> {
        match self {
            Phase::Playing(view) | Phase::Over { view, .. } => Some(view),
            Phase::Idle | Phase::Gathering { .. } | Phase::Failed => None,
        }
    }
}
