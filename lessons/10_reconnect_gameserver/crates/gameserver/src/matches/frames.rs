//! What is told of a match, as frames.

use std::time::Duration;

use axum::extract::ws::Utf8Bytes;
use matches::{MatchId, ServerId};
use protocol::game::{RULES, ResumeToken, SeatHolder, ServerFrame};
use tokio::time::Instant;

use super::config::MatchesConfig;

/// Who has which seat.
pub struct Roster {
    /// Who plays the goat of each seat.
    pub seats: Vec<SeatHolder>,
    /// By seat the name of the player who has it.
    pub names: Vec<Option<String>>,
}

/// The first frame: where somebody is who has come, and as what. A player gets what brings them back to their seat.
pub fn welcome(
    server: &ServerId,
    id: &MatchId,
    player: Option<(u8, ResumeToken)>,
    of: &MatchesConfig,
) -> Utf8Bytes {
    text(&ServerFrame::Welcome {
        server: server.to_string().into(),
        match_id: id.to_string().into(),
        seat: player.map(|(seat, _)| seat),
        seats: of.seats,
        tick_rate: of.tick_rate,
        resume: player.map(|(_, token)| token),
        // It is at most a minute.
        grace_ms: of.grace.as_millis() as u64,
        rules: RULES,
    })
}

/// A match is about to begin.
pub fn gathering(number: u16, starts_at: Instant, roster: Roster) -> Utf8Bytes {
    text(&ServerFrame::Gathering {
        number,
        starts_in_ms: ms_until(starts_at),
        seats: roster.seats.into(),
        names: roster.names.into(),
    })
}

/// A match has begun.
pub fn started(number: u16, roster: Roster) -> Utf8Bytes {
    let (seats, names) = (roster.seats.into(), roster.names.into());
    text(&ServerFrame::Started {
        number,
        seats,
        names,
    })
}

/// A seat has changed hands.
pub fn seats(number: u16, roster: Roster) -> Utf8Bytes {
    let (seats, names) = (roster.seats.into(), roster.names.into());
    text(&ServerFrame::Seats {
        number,
        seats,
        names,
    })
}

/// A match has ended.
pub fn result(number: u16, winner: Option<u8>, closes_at: Instant) -> Utf8Bytes {
    text(&ServerFrame::Result {
        number,
        winner,
        closes_in_ms: ms_until(closes_at),
    })
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
