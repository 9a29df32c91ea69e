//! What the lobby refuses, each with a word for the page and a sentence that says the way on.

use axum::http::StatusCode;
use matches::{AllocateError, DirectoryError, ParseIdError};
use protocol::PlayerId;
use service::ApiError;
use tracing::error;

/// The directory is needed, and did not do it.
pub fn unavailable(error: &DirectoryError) -> ApiError {
    match error {
        // That it is away is logged where the key is published, once for all whom it concerns.
        DirectoryError::NoAnswer => away(),
        DirectoryError::Full => in_directory(
            "the directory of matches is full, so nobody can be seated now; try again later",
        ),
        // Of this nobody else knows.
        DirectoryError::Refused(_) | DirectoryError::Unreadable => {
            error!(%error, "the directory of matches and this replica do not understand each other");
            away()
        }
    }
}

/// The directory does not answer.
pub fn away() -> ApiError {
    in_directory(
        "the directory of matches does not answer, so nobody can be seated now; the chat goes on, and matches do, too; \
         try again in a moment",
    )
}

fn in_directory(sentence: &str) -> ApiError {
    ApiError::new(StatusCode::SERVICE_UNAVAILABLE, sentence).with_code("matches_unavailable")
}

/// Something is wrong with this server itself.
pub fn broken() -> ApiError {
    ApiError::new(
        StatusCode::INTERNAL_SERVER_ERROR,
        "something went wrong in this replica; its log says what",
    )
}

/// Why nobody was seated.
pub fn refused(error: AllocateError, asker: PlayerId) -> ApiError {
    let busy = |code, sentence: &str| {
        ApiError::new(StatusCode::SERVICE_UNAVAILABLE, sentence).with_code(code)
    };
    match error {
        AllocateError::Full { retry_after } => busy(
            "full",
            "every seat of every game server is taken; you keep your place in the line while you ask again",
        )
        .retry_after(retry_after),
        AllocateError::NoServers { retry_after } => busy(
            "no_servers",
            "no game server is ready to take players; one may be starting, so ask again",
        )
        .retry_after(retry_after),
        AllocateError::PartyMatchFull => busy(
            "party_match_full",
            "your party's match has no free seat left; watch it, or wait until it is over",
        ),
        AllocateError::PartyDissolved => party_dissolved(),
        AllocateError::Playing(player) if player == asker => {
            conflict("member_plays", "you sit in another match; leave it first")
        }
        AllocateError::Playing(_) => conflict(
            "member_plays",
            "somebody in your party sits in another match; ask them to leave it first",
        ),
        AllocateError::Directory(error) => unavailable(&error),
    }
}

/// Somebody in a party wants to play without it.
pub fn in_party() -> ApiError {
    conflict(
        "in_party",
        "you are in a party; play with it, or leave it first",
    )
}

/// Somebody wants to play with a party of others.
pub fn not_in_party() -> ApiError {
    ApiError::new(
        StatusCode::FORBIDDEN,
        "you are not in this party; join it with its code first",
    )
    .with_code("not_in_party")
}

/// There is no such party any more, or the player is not in it any more.
pub fn party_dissolved() -> ApiError {
    ApiError::new(
        StatusCode::GONE,
        "you are in no such party; a party is dissolved when its match is over, or when nobody was there for a while; \
         make a new one, or join one",
    )
    .with_code("party_dissolved")
}

/// A code leads nowhere.
pub fn no_such_party() -> ApiError {
    ApiError::new(
        StatusCode::NOT_FOUND,
        "there is no party with this code; a party ends with its match, and its code with it",
    )
    .with_code("no_such_party")
}

/// A party has no room.
pub fn party_full() -> ApiError {
    conflict("party_full", "this party is full; make another one")
}

/// What was given is no code at all.
pub fn malformed_code(error: ParseIdError) -> ApiError {
    ApiError::unprocessable(error.to_string()).with_code("malformed_code")
}

/// There is no match.
pub fn nothing_to_watch() -> ApiError {
    ApiError::new(
        StatusCode::NOT_FOUND,
        "nobody plays now, so there is nothing to watch; play yourself, and bots will play with you",
    )
    .with_code("nothing_to_watch")
}

fn conflict(code: &'static str, sentence: &str) -> ApiError {
    ApiError::new(StatusCode::CONFLICT, sentence).with_code(code)
}
