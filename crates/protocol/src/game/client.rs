//! What a client says as text.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{json::to_json, resume_token::ResumeToken};

/// The largest number that a client may send to have it back: up to here a number of JavaScript is exact.
pub const MAX_AT: u64 = 1 << 53;

/// The longest ticket that is looked at, in characters. Those of our web servers have about 400.
pub const MAX_TICKET: usize = 1024;

/// What a client says as text. What it does in the game are inputs, which are binary.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum ClientFrame {
    /// The first frame, within five seconds, of somebody who comes from a web server.
    Enter {
        /// What a web server has given this client: who it is, and where it sits. At most [`MAX_TICKET`] characters.
        ticket: String,
    },
    /// The first frame of a player who was here before, and whose socket is lost, or silent.
    Resume {
        /// The match, as its welcome said.
        match_id: String,
        /// The player's seat.
        seat: u8,
        /// The newest that a welcome has offered. Where that welcome got lost, the one before.
        token: ResumeToken,
    },
    /// Asks for a pong, at once.
    Ping {
        /// Given back as it is: 0 to [`MAX_AT`]. The client's clock, so that it knows how long the way was.
        at: u64,
    },
}

impl ClientFrame {
    /// Reads a frame.
    ///
    /// # Errors
    /// When it is none of these.
    pub fn parse(text: &str) -> Result<ClientFrame, BadFrameError> {
        let frame = serde_json::from_str(text).map_err(|error| BadFrameError(error.to_string()))?;
        match frame {
            ClientFrame::Ping { at } if at > MAX_AT => {
                Err(BadFrameError(format!("{at} is too large a number")))
            }
            ClientFrame::Enter { ticket } if ticket.len() > MAX_TICKET => Err(BadFrameError(
                format!("this ticket has more than {MAX_TICKET} characters"),
            )),
            frame => Ok(frame),
        }
    }

    /// The frame's text.
    #[must_use]
    pub fn to_json(&self) -> String {
        to_json(self)
    }
}

/// A ticket is worth a seat to whoever has it, so none is written into a log. Neither is a token, which sees to that itself.
impl fmt::Debug for ClientFrame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ClientFrame::Enter { .. } => f.debug_struct("Enter").finish_non_exhaustive(),
            ClientFrame::Resume { .. } => f.debug_struct("Resume").finish_non_exhaustive(),
            ClientFrame::Ping { at } => f.debug_struct("Ping").field("at", at).finish(),
        }
    }
}

/// This is no frame of a client. The sentence says what was wrong, and what is accepted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    r#"{0}; a text frame must be {{"type":"enter","ticket":"…"}}, {{"type":"resume","match_id":"…","seat":0 to 7,"token":"32 hexadecimal digits"}} or {{"type":"ping","at":0 to 9007199254740992}}"#
)]
pub struct BadFrameError(String);

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_no_frame_is_told_with_what_is_accepted() {
        for bad in [
            "",
            "null",
            "[]",
            "{}",
            r#"{"type":"enter"}"#,
            r#"{"type":"enter","as":"player"}"#,
            r#"{"type":"enter","ticket":null}"#,
            r#"{"type":"enter","ticket":"a","seat":3}"#,
            r#"{"type":"resume"}"#,
            r#"{"type":"resume","match_id":"a","seat":3}"#,
            r#"{"type":"resume","match_id":"a","seat":3,"token":"secret"}"#,
            r#"{"type":"resume","match_id":"a","seat":-1,"token":"0123456789abcdef0123456789abcdef"}"#,
            r#"{"type":"ping"}"#,
            r#"{"type":"ping","at":-1}"#,
            r#"{"type":"ping","at":1.5}"#,
            r#"{"type":"ping","at":9007199254740993}"#,
            r#"{"type":"ping","at":18446744073709551616}"#,
        ] {
            let error = ClientFrame::parse(bad).unwrap_err().to_string();
            assert!(error.contains("a text frame must be {"), "{bad}: {error}");
            assert!(!error.contains("secret"), "{bad}: {error}");
        }
    }

    #[test]
    fn a_ticket_that_is_too_long_is_none_and_none_is_ever_repeated() {
        let enter = |ticket: String| ClientFrame::Enter { ticket }.to_json();
        assert!(ClientFrame::parse(&enter("t".repeat(MAX_TICKET))).is_ok());
        let error = ClientFrame::parse(&enter("t".repeat(MAX_TICKET + 1))).unwrap_err();
        assert!(!error.to_string().contains("tt"), "{error}");
        let frame = ClientFrame::parse(&enter("secret".to_owned())).unwrap();
        assert!(!format!("{frame:?}").contains("secret"), "{frame:?}");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(20_000))]

        #[test]
        fn no_text_makes_the_decoder_panic(text in any::<String>()) {
            let _ = ClientFrame::parse(&text);
        }

        #[test]
        fn nothing_like_a_frame_makes_it_panic(text in r#"\{("type"|"ticket"|"token"|"seat"|"at"|"enter"|"resume"|"ping"|[:,\[\]{}"a-z0-9\\]){0,40}\}?"#) {
            let _ = ClientFrame::parse(&text);
        }

        #[test]
        fn what_a_client_writes_is_what_is_read(at in 0..=MAX_AT) {
            let frame = ClientFrame::Ping { at };
            prop_assert_eq!(ClientFrame::parse(&frame.to_json()), Ok(frame));
        }
    }
}
