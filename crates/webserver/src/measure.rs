//! This web server as numbers. What happens is counted here; `measuring.rs` begins it.

use std::{
    sync::LazyLock,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use metrics::{Counter, Counters, Histogram, counter, label, timing};
use protocol::Message;
use service::Answered;

/// Bounds of the buckets, in seconds. What is said waits for up to 40 ms until it is told.
const FANOUT: [f64; 12] = [
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0,
];

/// The same of the wait for a seat, which may take as long as a match.
const WAIT: [f64; 11] = [0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0, 30.0, 60.0, 120.0];

label! {
    /// What has become of something that somebody wanted.
    pub enum Outcome = "outcome" {
        /// It was done.
        Accepted = "accepted",
        /// It may not be done.
        Refused = "refused",
        /// It could not be done.
        Failed = "failed",
    }
}

label! {
    /// What has become of a wish for a seat.
    enum Play = "outcome" {
        /// There is one.
        Seated = "seated",
        /// Every seat is taken, and the group is in line.
        Waiting = "waiting",
        NoServers = "no_servers",
        MatchMoving = "match_moving",
        PartyMatchFull = "party_match_full",
        PartyDissolved = "party_dissolved",
        MemberPlays = "member_plays",
        InParty = "in_party",
        NotInParty = "not_in_party",
        MalformedCode = "malformed_code",
        MatchesUnavailable = "matches_unavailable",
        TooManyPlays = "too_many_plays",
        Unauthorized = "unauthorized",
        /// For another reason that lies with whoever asked.
        Refused = "refused",
        /// For another reason that lies with this server.
        Failed = "failed",
    }
}

static ALL: LazyLock<All> = LazyLock::new(All::new);

struct All {
    published: Counters<Outcome>,
    delivered: Counter,
    fanout: Histogram,
    logins: Counters<Outcome>,
    plays: Counters<Play>,
    waits: Histogram,
}

/// Somebody said something, and this has become of it.
pub fn published(outcome: Outcome) {
    ALL.published.count(outcome);
}

/// So many sockets were told these messages. It is asked once for all sockets, and one clock is looked at for all messages.
pub fn delivered(messages: &[Message], sockets: usize) {
    ALL.delivered.inc_by((messages.len() * sockets) as u64);
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    let now = now.unwrap_or_default().as_secs_f64();
    for message in messages {
        let taken = now - message.sent_at.as_duration().as_secs_f64();
        // The clock of the replica that took it may be ahead.
        ALL.fanout.observe(taken.max(0.0));
    }
}

/// A group has seats, for which it has waited so long.
pub fn seated(waited: Duration) {
    ALL.waits.observe(waited.as_secs_f64());
}

/// Has all of it told from now on.
pub fn begin() {
    LazyLock::force(&ALL);
}

/// A request was answered.
pub fn answered(answered: &Answered) {
    let status = answered.status;
    match (answered.method, answered.route) {
        ("POST", "/api/login") => ALL.logins.count(if status.is_success() {
            Outcome::Accepted
        } else if status.is_server_error() {
            Outcome::Failed
        } else {
            Outcome::Refused
        }),
        ("POST", "/api/play") => ALL.plays.count(if status.is_success() {
            Play::Seated
        } else {
            Play::of(answered)
        }),
        _ => {}
    }
}

impl Play {
    fn of(answered: &Answered) -> Play {
        match answered.code.unwrap_or_default() {
            "full" => Play::Waiting,
            "no_servers" => Play::NoServers,
            "match_moving" => Play::MatchMoving,
            "party_match_full" => Play::PartyMatchFull,
            "party_dissolved" => Play::PartyDissolved,
            "member_plays" => Play::MemberPlays,
            "in_party" => Play::InParty,
            "not_in_party" => Play::NotInParty,
            "malformed_code" => Play::MalformedCode,
            "matches_unavailable" => Play::MatchesUnavailable,
            "too_many_plays" => Play::TooManyPlays,
            "unauthorized" => Play::Unauthorized,
            _ if answered.status.is_server_error() => Play::Failed,
            _ => Play::Refused,
        }
    }
}

impl All {
    fn new() -> All {
        All {
            published: Counters::new("messages_published", "Messages that players wanted to say."),
            delivered: counter(
                "messages_delivered",
                "Messages that were handed to a socket, once for each socket.",
            ),
            fanout: timing(
                "message_fanout_seconds",
                "Seconds from a message's being taken to its being handed to the sockets of this replica.",
                &FANOUT,
            ),
            logins: Counters::new("logins", "Logins that somebody wanted."),
            plays: Counters::new("play_requests", "Requests for a seat in a match."),
            waits: timing(
                "play_wait_seconds",
                "Seconds from the first request of a group for seats to its seats.",
                &WAIT,
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::http::StatusCode;

    use super::*;

    #[test]
    fn each_refusal_has_an_outcome() {
        let of = |status: u16, code| {
            Play::of(&Answered {
                method: "POST",
                route: "/api/play",
                status: StatusCode::from_u16(status).unwrap(),
                code,
            })
        };
        assert_eq!(of(503, Some("full")), Play::Waiting);
        assert_eq!(of(409, Some("in_party")), Play::InParty);
        assert_eq!(of(503, None), Play::Failed);
        assert_eq!(of(422, Some("unprocessable")), Play::Refused);
    }
}
