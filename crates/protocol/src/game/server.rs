//! What a game server tells as text.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::{json::to_json, resume_token::ResumeToken};

/// Who plays the goat of a seat.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SeatHolder {
    /// Somebody who has entered.
    Player,
    /// Nobody: a player has the seat and is not here now. The goat lies where it is, until its player is back or a bot takes over.
    Away,
    /// The server. The seat may still be a player's, who was away for too long.
    Bot,
    /// Nobody yet: the match has not begun.
    Free,
}

/// What a game server tells as text. Seats are numbered from 0, and the matches of one server from 1; behind match 65,535 comes 0.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ServerFrame<'a> {
    /// The first frame: where this client is, and as what.
    Welcome {
        /// The game server.
        #[serde(borrow)]
        server: Cow<'a, str>,
        /// The match, by the id that it has among those of all servers.
        #[serde(borrow)]
        match_id: Cow<'a, str>,
        /// The player's seat; none for who only watches.
        seat: Option<u8>,
        /// How many seats there are: 2 to 8.
        seats: u8,
        /// Ticks in a second: 1 to 60.
        tick_rate: u32,
        /// With this the player gets the seat back whose socket is lost; none for who only watches. Each welcome offers another one.
        resume: Option<ResumeToken>,
        /// How long a player may be away before a bot takes over, in milliseconds. A server of an older build has no such time, and says nothing of it.
        #[serde(default)]
        grace_ms: u64,
        /// By which rules the match is played: [`RULES`](super::RULES) of the server. One of an older build does not say it, and nobody can run such rules ahead.
        #[serde(default)]
        rules: u32,
        /// How many servers have had the match, with this one: 1 where it began. Whoever is told a lower number than before by another server
        /// has come to one that does not know yet that the match has moved. 0 is that of an older build, which says nothing of it.
        #[serde(default)]
        epoch: u32,
    },
    /// A match is about to begin. It comes again whenever a seat is taken or given up.
    Gathering {
        /// Which match.
        #[serde(rename = "match")]
        number: u16,
        /// How soon it begins at the latest, in milliseconds. With all seats taken it begins at once.
        starts_in_ms: u64,
        /// By seat.
        seats: Cow<'a, [SeatHolder]>,
        /// By seat the name of the player who has it, if one has, also of one who is away.
        names: Cow<'a, [Option<String>]>,
    },
    /// A match has begun, or is under way for who has come just now. Snapshots follow.
    Started {
        /// Which match.
        #[serde(rename = "match")]
        number: u16,
        /// By seat.
        seats: Cow<'a, [SeatHolder]>,
        /// By seat the name of the player who has it, if one has, also of one who is away.
        names: Cow<'a, [Option<String>]>,
    },
    /// A seat has changed hands while a match is played, or its player is away now, or back.
    Seats {
        /// Which match.
        #[serde(rename = "match")]
        number: u16,
        /// By seat.
        seats: Cow<'a, [SeatHolder]>,
        /// By seat the name of the player who has it, if one has, also of one who is away.
        names: Cow<'a, [Option<String>]>,
    },
    /// A match has ended.
    Result {
        /// Which match.
        #[serde(rename = "match")]
        number: u16,
        /// The seat that has won; none if it is drawn.
        winner: Option<u8>,
        /// How soon the server closes the sockets of this match, in milliseconds.
        closes_in_ms: u64,
    },
    /// A match has ended without a result.
    Cancelled {
        /// Which match.
        #[serde(rename = "match")]
        number: u16,
        /// Why, as one word for programs: `fault` or `deserted`.
        #[serde(borrow)]
        code: Cow<'a, str>,
        /// Why, in a sentence.
        #[serde(borrow)]
        why: Cow<'a, str>,
    },
    /// Something was refused.
    Error {
        /// What was wrong, as one word for programs.
        #[serde(borrow)]
        code: Cow<'a, str>,
        /// What was wrong, and what is accepted.
        #[serde(borrow)]
        error: Cow<'a, str>,
        /// After how many seconds it makes sense to try again, where that is known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        retry_after: Option<u64>,
    },
    /// The answer to a ping.
    Pong {
        /// What the client has sent.
        at: u64,
    },
}

impl<'a> ServerFrame<'a> {
    /// Reads a frame.
    ///
    /// # Errors
    /// When it is none of these, which a newer server may cause.
    pub fn parse(text: &'a str) -> Result<ServerFrame<'a>, ParseFrameError> {
        serde_json::from_str(text).map_err(|error| ParseFrameError(error.to_string()))
    }

    /// The frame's text.
    #[must_use]
    pub fn to_json(&self) -> String {
        to_json(self)
    }
}

/// This is no frame of a game server. The sentence says what was wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ParseFrameError(String);
