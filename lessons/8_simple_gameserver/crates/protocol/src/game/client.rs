//! What a client says as text.

use serde::{Deserialize, Serialize};

use super::json::to_json;

/// The largest number that a client may send to have it back: up to here a number of JavaScript is exact.
pub const MAX_AT: u64 = 1 << 53;

/// What somebody wants who enters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// A seat, and with it a goat.
    Player,
    /// Only to see the game.
    Watcher,
}

/// What a client says as text. What it does in the game are inputs, which are binary.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum ClientFrame {
    /// The first frame, within five seconds.
    Enter {
        /// What this client wants to be.
        #[serde(rename = "as")]
        role: Role,
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
            frame => Ok(frame),
        }
    }

    /// The frame's text.
    #[must_use]
    pub fn to_json(&self) -> String {
        to_json(self)
    }
}

/// This is no frame of a client. The sentence says what was wrong, and what is accepted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    r#"{0}; a text frame must be {{"type":"enter","as":"player" or "watcher"}} or {{"type":"ping","at":0 to 9007199254740992}}"#
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
            r#"{"type":"enter","as":"goat"}"#,
            r#"{"type":"enter","as":"player","seat":3}"#,
            r#"{"type":"ping"}"#,
            r#"{"type":"ping","at":-1}"#,
            r#"{"type":"ping","at":1.5}"#,
            r#"{"type":"ping","at":9007199254740993}"#,
            r#"{"type":"ping","at":18446744073709551616}"#,
        ] {
            let error = ClientFrame::parse(bad).unwrap_err().to_string();
            assert!(error.contains("a text frame must be {"), "{bad}: {error}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(20_000))]

        #[test]
        fn no_text_makes_the_decoder_panic(text in any::<String>()) {
            let _ = ClientFrame::parse(&text);
        }

        #[test]
        fn nothing_like_a_frame_makes_it_panic(text in r#"\{("type"|"as"|"at"|"ping"|[:,\[\]{}"a-z0-9\\]){0,40}\}?"#) {
            let _ = ClientFrame::parse(&text);
        }

        #[test]
        fn what_a_client_writes_is_what_is_read(at in 0..=MAX_AT) {
            let frame = ClientFrame::Ping { at };
            prop_assert_eq!(ClientFrame::parse(&frame.to_json()), Ok(frame));
        }
    }
}
