//! The frames of a WebSocket: JSON objects that say their kind in `type`.
//!
//! A frame borrows what it is made of. So a server writes one without copying a text, and a client reads one likewise.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::{id::Id, limits::MAX_REF, message::Message, player::PlayerId, who::Who};

/// What a server tells.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum ServerFrame<'a> {
    /// The first frame: which replica this socket is on, and whom it is for.
    Welcome {
        /// The replica.
        #[serde(borrow)]
        replica: Cow<'a, str>,
        /// What the player is called.
        #[serde(borrow)]
        name: Cow<'a, str>,
        /// Which player that is: messages with this id are this client's own.
        player: PlayerId,
    },
    /// What was said, in Redis' order, and which replica tells it.
    Messages {
        /// The replica.
        #[serde(borrow)]
        replica: Cow<'a, str>,
        /// At least one message.
        messages: Cow<'a, [Message]>,
    },
    // lesson 7
    /// Something may be missing between where the client was and the messages that follow.
    Gap {
        /// Where the client was, by its own word.
        after: Id,
        /// The first message that is kept; none if none is.
        first: Option<Id>,
    },

    /// Who is here, over all replicas. It comes once, and from then on changes of it do.
    Presence {
        /// How many.
        count: usize,
        /// At most a hundred of them.
        players: Cow<'a, [Who]>,
    },
    /// What has changed in who is here.
    Changes {
        /// How many there are now.
        count: usize,
        /// Who came. Both lists together have at most 32 entries; what does not fit is in the count only.
        came: Cow<'a, [Who]>,
        /// Who left.
        left: Cow<'a, [PlayerId]>,
    },
    /// A message of this client was published.
    Sent {
        /// What the client called it.
        #[serde(rename = "ref", borrow)]
        reference: Cow<'a, str>,
        /// What everybody calls it from now on.
        id: Id,
    },
    /// A frame of this client was refused.
    Error {
        /// What the client called it; none if that could not be read.
        #[serde(rename = "ref", borrow)]
        reference: Option<Cow<'a, str>>,
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
    /// The answer to a client's ping.
    Pong,
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

/// What a client asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "lowercase", deny_unknown_fields)]
pub enum ClientFrame<'a> {
    /// Say something to everybody.
    Send {
        /// Chosen by the client, 1 to [`MAX_REF`] bytes, and given back in the answer, so that it knows which message is
        /// meant.
        #[serde(rename = "ref", borrow)]
        reference: Cow<'a, str>,
        /// What to say, 1 to [`MAX_TEXT`](crate::limits::MAX_TEXT) characters.
        #[serde(borrow)]
        text: Cow<'a, str>,
    },
    /// Asks for a pong, at once. WebSockets have pings of their own, but a script in a browser sees none of them.
    // With braces it refuses fields as the other does.
    Ping {},
}

impl<'a> ClientFrame<'a> {
    /// Reads a frame. Whether its text is accepted is for the server to say.
    ///
    /// # Errors
    /// When it is no frame, or its reference has not the right length.
    pub fn parse(text: &'a str) -> Result<ClientFrame<'a>, BadFrameError> {
        let bad = |error: String| BadFrameError {
            reference: reference_in(text),
            error,
        };
        let frame = serde_json::from_str(text).map_err(|error| bad(error.to_string()))?;
        if let ClientFrame::Send { reference, .. } = &frame
            && !is_reference(reference)
        {
            return Err(bad(format!("the ref has {} bytes", reference.len())));
        }
        Ok(frame)
    }

    /// The frame's text.
    #[must_use]
    pub fn to_json(&self) -> String {
        to_json(self)
    }
}

/// This is no frame of a server. The sentence says what was wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ParseFrameError(String);

/// This is no frame of a client. The sentence says what was wrong, and what is accepted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    r#"{error}; a frame must be {{"type":"send","ref":"1 to 64 bytes","text":"1 to 500 characters"}} or {{"type":"ping"}}"#
)]
pub struct BadFrameError {
    /// What the client called it, where that can be read. Only under its reference does a client hear which of its
    /// messages is refused, and without that it would send the same one again for ever.
    pub reference: Option<String>,
    error: String,
}

/// The reference of a frame that is not accepted for another reason.
///
/// Whatever else is in the frame is passed over and not looked at: half an emoji, for one, is in JSON and in no Rust
/// string.
fn reference_in(text: &str) -> Option<String> {
    #[derive(Deserialize)]
    struct Referenced {
        #[serde(rename = "ref")]
        reference: String,
    }
    let Referenced { reference } = serde_json::from_str(text).ok()?;
    is_reference(&reference).then_some(reference)
}

fn is_reference(reference: &str) -> bool {
    (1..=MAX_REF).contains(&reference.len())
}

fn to_json(frame: &impl Serialize) -> String {
    match serde_json::to_string(frame) {
        Ok(text) => text,
        Err(error) => unreachable!("strings and numbers always become JSON: {error}"),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn frames_have_the_form_that_clients_know() {
        let welcome = ServerFrame::Welcome {
            replica: "webserver-1".into(),
            name: "Ada".into(),
            player: PlayerId::default(),
        };
        assert_eq!(
            welcome.to_json(),
            r#"{"type":"welcome","replica":"webserver-1","name":"Ada","player":"0000000000000000"}"#
        );
        let ada = Who {
            player: PlayerId::default(),
            name: "Ada".to_owned(),
        };
        let frame = ServerFrame::Presence {
            count: 1,
            players: vec![ada].into(),
        };
        assert_eq!(
            frame.to_json(),
            r#"{"type":"presence","count":1,"players":[{"player":"0000000000000000","name":"Ada"}]}"#
        );
        let error = ServerFrame::Error {
            reference: None,
            code: "bad_frame".into(),
            error: "no".into(),
            retry_after: None,
        };
        assert_eq!(
            error.to_json(),
            r#"{"type":"error","ref":null,"code":"bad_frame","error":"no"}"#
        );
        assert_eq!(ServerFrame::Pong.to_json(), r#"{"type":"pong"}"#);
        let send = ClientFrame::Send {
            reference: "7".into(),
            text: "hello".into(),
        };
        assert_eq!(
            send.to_json(),
            r#"{"type":"send","ref":"7","text":"hello"}"#
        );
    }

    #[test]
    fn what_is_no_frame_is_told_with_what_is_accepted() {
        let long = format!(r#"{{"type":"send","ref":"{}","text":"x"}}"#, "r".repeat(65));
        for bad in [
            "",
            "null",
            "[]",
            "{}",
            r#"{"type":"quit"}"#,
            r#"{"type":"ping","ref":"1"}"#,
            r#"{"type":"send","ref":1,"text":"x"}"#,
            r#"{"type":"send","ref":"","text":"x"}"#,
            r#"{"type":"send","ref":"1","text":"x","to":"all"}"#,
            &long,
        ] {
            let error = ClientFrame::parse(bad).unwrap_err().to_string();
            assert!(error.contains("a frame must be {"), "{error}");
        }
    }

    #[test]
    fn what_is_no_frame_is_refused_under_its_reference() {
        let reference = |text: &str| ClientFrame::parse(text).unwrap_err().reference;
        let long = "r".repeat(65);
        for bad in [
            // Half an emoji, as a text box in a browser may hold it.
            r#"{"type":"send","ref":"m1","text":"\ud83d"}"#,
            r#"{"type":"send","text":"\udc10\ud83d","ref":"m1"}"#,
            r#"{"type":"send","ref":"m1","text":7}"#,
            r#"{"type":"send","ref":"m1","text":null}"#,
            r#"{"type":"send","ref":"m1"}"#,
            r#"{"type":"send","ref":"m1","text":"x","to":["all"]}"#,
            r#"{"type":"shout","ref":"m1","text":"x"}"#,
            r#"{"ref":"m1","text":"x"}"#,
            r#"{"type":7,"ref":"m1"}"#,
        ] {
            assert_eq!(reference(bad).as_deref(), Some("m1"), "{bad}");
        }
        for bad in [
            r#"{"type":"send","ref":"m1","text":"x"#,
            r#"{"type":"send","ref":"","text":"x"}"#,
            r#"{"type":"send","ref":1,"text":"x"}"#,
            r#"{"type":"send","ref":"\ud83d","text":"x"}"#,
            &format!(r#"{{"type":"send","ref":"{long}","text":"x"}}"#),
        ] {
            assert_eq!(reference(bad), None, "{bad}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(20_000))]

        #[test]
        fn no_text_makes_the_decoder_panic(text in any::<String>()) {
            let _ = ClientFrame::parse(&text);
            let _ = ServerFrame::parse(&text);
        }

        #[test]
        fn nothing_like_a_frame_makes_it_panic(text in r#"\{("type"|"ref"|"text"|[:,\[\]{}"a-z0-9\\]){0,40}\}?"#) {
            let _ = ClientFrame::parse(&text);
            let _ = ServerFrame::parse(&text);
        }

        #[test]
        fn what_a_client_writes_is_what_is_read(reference in "[!-~]{1,64}", text in any::<String>()) {
            let json = serde_json::json!({"type": "send", "ref": reference, "text": text}).to_string();
            let frame = ClientFrame::Send { reference: reference.into(), text: text.into() };
            let written = frame.to_json();
            prop_assert_eq!(ClientFrame::parse(&json), Ok(frame.clone()));
            prop_assert_eq!(ClientFrame::parse(&written), Ok(frame));
        }
    }
}
