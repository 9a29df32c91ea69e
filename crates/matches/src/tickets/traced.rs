//! The trace that a ticket takes along: what a player does on a game server began at a web server.

use jsonwebtoken::dangerous::insecure_decode;
use serde::{Deserialize, Serialize};
use telemetry::trace::traceparent;

use super::claims::Claims;

/// What stands in a ticket: what it says, and which trace it was made in.
#[derive(Serialize)]
pub(super) struct Traced<'a> {
    #[serde(flatten)]
    claims: &'a Claims,
    #[serde(skip_serializing_if = "Option::is_none")]
    traceparent: Option<String>,
}

impl<'a> Traced<'a> {
    /// What is said now.
    pub fn new(claims: &'a Claims) -> Traced<'a> {
        let traceparent = traceparent();
        Traced {
            claims,
            traceparent,
        }
    }
}

/// The trace of a ticket, which must have been [verified](super::verify): then a web server of ours has written it.
#[must_use]
pub fn traceparent_of(ticket: &str) -> Option<String> {
    #[derive(Deserialize)]
    struct Part {
        traceparent: Option<String>,
    }
    let part = insecure_decode::<Part>(ticket).ok()?;
    part.claims.traceparent
}
