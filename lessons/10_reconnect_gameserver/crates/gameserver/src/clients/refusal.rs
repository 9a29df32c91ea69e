//! Why a ticket or a token is not accepted, as its holder is told.

use std::borrow::Cow;

use matches::{ClaimError, DirectoryError, tickets::TicketError};
use protocol::game::ServerFrame;

use crate::matches::presence::NoWayBack;

/// After how many seconds whoever was refused for no fault of the ticket's may try again.
const SOON: u64 = 1;

/// Why a ticket or a token is not accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// As a word for programs.
    pub code: &'static str,
    /// In a sentence.
    pub error: Cow<'static, str>,
    /// After how many seconds the same ticket may do, if it may.
    pub retry_after: Option<u64>,
}

impl Refusal {
    /// The web server that has signed the ticket is not known.
    pub const UNKNOWN_KEY: Refusal = Refusal::new(
        "bad_ticket",
        "no web server that is known here has signed this ticket; POST /api/play gives another",
    );
    /// The match is over.
    pub const MATCH_OVER: Refusal = Refusal::new(
        "match_over",
        "this match is over; POST /api/play gives you a seat in another",
    );
    /// Nobody can have the seat any more.
    pub const SEAT_LOST: Refusal = Refusal::new(
        "seat_lost",
        "this seat is gone; POST /api/play gives you another",
    );
    /// The token does not bring its player back.
    pub const RESUME: Refusal = Refusal::new(
        "resume_refused",
        "this token is not the newest for its seat; POST /api/play leads you back to it",
    );
    /// This server ends.
    pub const DRAINING: Refusal = Refusal::new(
        "draining",
        "this game server is about to end; POST /api/play gives you a seat on another",
    );
    /// This server cannot know what is true.
    pub const DIRECTORY_AWAY: Refusal = Refusal {
        code: "directory_away",
        error: Cow::Borrowed(
            "this game server does not reach the directory of seats now, so it lets nobody in; try again in a second",
        ),
        retry_after: Some(SOON),
    };

    const fn new(code: &'static str, error: &'static str) -> Refusal {
        Refusal {
            code,
            error: Cow::Borrowed(error),
            retry_after: None,
        }
    }

    /// It as the frame that is sent before the socket is closed.
    #[must_use]
    pub fn to_frame(&self) -> ServerFrame<'_> {
        ServerFrame::Error {
            code: self.code.into(),
            error: Cow::Borrowed(&self.error),
            retry_after: self.retry_after,
        }
    }
}

impl From<TicketError> for Refusal {
    fn from(error: TicketError) -> Refusal {
        let code = match &error {
            TicketError::Malformed | TicketError::Signature => "bad_ticket",
            TicketError::AnotherServer => "another_server",
            TicketError::Clock(_) => "clock",
        };
        Refusal {
            code,
            error: error.to_string().into(),
            retry_after: None,
        }
    }
}

impl From<ClaimError> for Refusal {
    fn from(error: ClaimError) -> Refusal {
        let code = match &error {
            ClaimError::Used => "ticket_used",
            ClaimError::Expired => "ticket_expired",
            ClaimError::AnotherServer => "another_server",
            ClaimError::Gone => "seat_lost",
            ClaimError::Draining => "draining",
            ClaimError::Directory(_) => return Refusal::DIRECTORY_AWAY,
        };
        Refusal {
            code,
            error: error.to_string().into(),
            retry_after: None,
        }
    }
}

impl From<NoWayBack> for Refusal {
    fn from(none: NoWayBack) -> Refusal {
        match none {
            NoWayBack::Refused => Refusal::RESUME,
            NoWayBack::Lost => Refusal::SEAT_LOST,
        }
    }
}

impl From<DirectoryError> for Refusal {
    fn from(_: DirectoryError) -> Refusal {
        Refusal::DIRECTORY_AWAY
    }
}
