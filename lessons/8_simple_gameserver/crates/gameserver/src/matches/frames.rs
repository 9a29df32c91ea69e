//! What is told of a match, as frames.

use std::time::Duration;

use axum::extract::ws::Utf8Bytes;
use protocol::game::{SeatHolder, ServerFrame};
use tokio::time::Instant;

/// A match is about to begin.
pub fn gathering(number: u16, starts_at: Instant, seats: Vec<SeatHolder>) -> Utf8Bytes {
    text(&ServerFrame::Gathering {
        number,
        starts_in_ms: ms_until(starts_at),
        seats: seats.into(),
    })
}

/// A match has begun.
pub fn started(number: u16, seats: Vec<SeatHolder>) -> Utf8Bytes {
    let seats = seats.into();
    text(&ServerFrame::Started { number, seats })
}

/// A seat has changed hands.
pub fn seats(number: u16, seats: Vec<SeatHolder>) -> Utf8Bytes {
    let seats = seats.into();
    text(&ServerFrame::Seats { number, seats })
}

/// A match has ended.
pub fn result(number: u16, winner: Option<u8>, next_at: Instant) -> Utf8Bytes {
    text(&ServerFrame::Result {
        number,
        winner,
        next_in_ms: ms_until(next_at),
    })
}

/// A player takes part in this match, which is the next one.
pub fn waiting(number: u16) -> Utf8Bytes {
    text(&ServerFrame::Waiting { number })
}

/// A match has ended without a result, for this reason: a word for programs, and a sentence.
pub fn cancelled(number: u16, (code, why): (&str, &str)) -> Utf8Bytes {
    let (code, why) = (code.into(), why.into());
    text(&ServerFrame::Cancelled { number, code, why })
}

fn text(frame: &ServerFrame<'_>) -> Utf8Bytes {
    frame.to_json().into()
}

/// Rounded, so that whole seconds are told as such though a moment has passed.
fn ms_until(at: Instant) -> u64 {
    let left = at.saturating_duration_since(Instant::now());
    let left = left + Duration::from_micros(500);
    u64::try_from(left.as_millis()).unwrap_or(u64::MAX)
}
