//! The frames of a WebSocket: JSON objects that say their kind in `type`.

use axum::extract::ws::Utf8Bytes;
use messages::{Message, Present};
use serde::{Deserialize, Serialize};
// use uuid::Uuid; // lesson 6 only

/// The longest reference that a client may give a message, in bytes.
const MAX_REF: usize = 64;

/// What the server tells.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum ServerFrame<'a> {
    /// The first frame: which replica this socket is on, and whom it is for.
    Welcome { replica: &'a str, name: &'a str },
    /// What was said, in Redis' order, and which replica tells it.
    Messages {
        replica: &'a str,
        messages: &'a [Message],
    },
    // lesson 7
    /// Something may be missing between where the client was and the messages that follow: the first one that is kept, if
    /// any is.
    Gap {
        after: messages::Id,
        first: Option<messages::Id>,
    },

    /// Who is here, over all replicas.
    Presence {
        #[serde(flatten)]
        present: &'a PresentFrame<'a>,
    },
    /// A message of this client was published.
    Sent {
        #[serde(rename = "ref")]
        reference: &'a str,
        // id: Uuid, // lesson 6 only
        id: messages::Id, // lesson 7
    },
    /// A frame of this client was refused.
    Error {
        #[serde(rename = "ref")]
        reference: Option<&'a str>,
        error: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        retry_after: Option<u64>,
    },
}

/// The form of [`Present`] in a frame.
#[derive(Debug, Serialize)]
pub struct PresentFrame<'a> {
    count: usize,
    names: &'a [String],
}

impl<'a> From<&'a Present> for PresentFrame<'a> {
    fn from(present: &'a Present) -> PresentFrame<'a> {
        PresentFrame {
            count: present.count,
            names: &present.names,
        }
    }
}

impl ServerFrame<'_> {
    /// The frame's text. Copies of it share the bytes, so a frame for a thousand sockets is written once.
    pub fn to_text(&self) -> Utf8Bytes {
        match serde_json::to_string(self) {
            Ok(text) => text.into(),
            Err(error) => unreachable!("strings and numbers always become JSON: {error}"),
        }
    }
}

/// What a client asks for.
#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(tag = "type", rename_all = "lowercase", deny_unknown_fields)]
pub enum ClientFrame {
    /// Say something to everybody.
    Send {
        /// Chosen by the client, and given back in the answer, so that it knows which message is meant.
        #[serde(rename = "ref")]
        reference: String,
        text: String,
    },
}

impl ClientFrame {
    /// Reads a frame.
    ///
    /// # Errors
    /// A sentence that says what was wrong and what is accepted.
    pub fn parse(text: &str) -> Result<ClientFrame, String> {
        const ACCEPTED: &str =
            r#"accepted: {"type":"send","ref":"1 to 64 bytes","text":"1 to 500 characters"}"#;
        let frame: ClientFrame =
            serde_json::from_str(text).map_err(|error| format!("{error}; {ACCEPTED}"))?;
        let ClientFrame::Send { reference, .. } = &frame;
        if !(1..=MAX_REF).contains(&reference.len()) {
            return Err(format!("the ref has {} bytes; {ACCEPTED}", reference.len()));
        }
        Ok(frame)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn frames_have_the_form_that_clients_know() {
        let welcome = ServerFrame::Welcome {
            replica: "webserver-1",
            name: "Ada",
        };
        assert_eq!(
            welcome.to_text().as_str(),
            r#"{"type":"welcome","replica":"webserver-1","name":"Ada"}"#
        );
        let present = Present {
            count: 1,
            names: vec!["Ada".to_owned()],
        };
        let frame = ServerFrame::Presence {
            present: &(&present).into(),
        };
        assert_eq!(
            frame.to_text().as_str(),
            r#"{"type":"presence","count":1,"names":["Ada"]}"#
        );
        let error = ServerFrame::Error {
            reference: None,
            error: "no",
            retry_after: None,
        };
        assert_eq!(
            error.to_text().as_str(),
            r#"{"type":"error","ref":null,"error":"no"}"#
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
            r#"{"type":"send","ref":1,"text":"x"}"#,
            r#"{"type":"send","ref":"","text":"x"}"#,
            r#"{"type":"send","ref":"1","text":"x","to":"all"}"#,
            &long,
        ] {
            let told = ClientFrame::parse(bad).unwrap_err();
            assert!(told.contains("accepted: {"), "{told}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(20_000))]

        #[test]
        fn no_text_makes_the_decoder_panic(text in any::<String>()) {
            let _ = ClientFrame::parse(&text);
        }

        #[test]
        fn nothing_like_a_frame_makes_it_panic(text in r#"\{("type"|"ref"|"text"|[:,\[\]{}"a-z0-9\\]){0,40}\}?"#) {
            let _ = ClientFrame::parse(&text);
        }

        #[test]
        fn what_a_client_writes_is_what_is_read(reference in "[!-~]{1,64}", text in any::<String>()) {
            let frame = serde_json::json!({"type": "send", "ref": reference, "text": text});
            let read = ClientFrame::parse(&frame.to_string());
            prop_assert_eq!(read, Ok(ClientFrame::Send { reference, text }));
        }
    }
}
