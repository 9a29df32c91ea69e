//! Whoever has to know what becomes of seats and of matches.

use matches::{HeldSeat, MatchId};
use serde::Serialize;
use tokio::task::JoinHandle;

/// Whoever has to know what becomes of seats and of matches.
pub trait Registrar: Send + Sync {
    /// A player has left a seat, or its goat has no lives left: `is_out`, and then nobody else may have it.
    fn freed(&self, seat: HeldSeat, is_out: bool);

    /// Something has changed that makes a difference to who comes next.
    fn changed(&self);

    /// A match has ended. Gives the task in which that is told.
    fn finished(&self, id: &MatchId, result: Outcome) -> JoinHandle<()>;
}

/// What has come of a match.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Outcome {
    /// The seat that has won, if one has.
    pub winner: Option<u8>,
    /// Its last tick; 0 if it was not played.
    pub tick: u32,
    /// Why there is no result, as a word for programs; none if there is one.
    pub cancelled: Option<&'static str>,
}
