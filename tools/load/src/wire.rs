//! The frames of `/ws`, as far as a client of this tool needs to read and write them. Not the types that others use:
//! these copy nothing, because a client shares the machine with the servers that it puts under load.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

/// A frame from the server. One struct for all kinds, because serde reads a tagged enum into memory first, and
/// this is read a million times.
#[derive(Debug, Deserialize)]
pub struct Frame<'a> {
    /// What kind of frame it is: welcome, messages, presence, changes, sent, error or pong.
    #[serde(rename = "type")]
    pub kind: &'a str,
    /// What was said; of messages.
    #[serde(default, borrow)]
    pub messages: Vec<Message<'a>>,
    /// What our frame called itself; of sent and error.
    #[serde(default, borrow, rename = "ref")]
    pub reference: Option<Cow<'a, str>>,
    /// What was wrong; of error.
    #[serde(default, borrow)]
    pub error: Option<Cow<'a, str>>,
}

/// One message. Only its text matters here.
#[derive(Debug, Deserialize)]
pub struct Message<'a> {
    /// What was said.
    #[serde(borrow)]
    pub text: Cow<'a, str>,
}

/// The frame that sends a message.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename = "send")]
pub struct Send<'a> {
    /// How the answer shall call it.
    #[serde(rename = "ref")]
    pub reference: &'a str,
    /// What to say.
    pub text: &'a str,
}

impl Send<'_> {
    /// The frame as JSON.
    ///
    /// # Errors
    /// Never: there is nothing in it that JSON cannot say.
    pub fn to_json(&self) -> serde_json::Result<String> {
        serde_json::to_string(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_frame_is_understood() {
        let parse = |text| serde_json::from_str::<Frame<'_>>(text).unwrap();
        let welcome = parse(r#"{"type":"welcome","replica":"webserver-1","name":"Ada"}"#);
        assert_eq!(welcome.kind, "welcome");
        let messages = parse(
            r#"{"type":"messages","replica":"webserver-1","messages":[{"id":"0","author":"Ada","player":"0123456789abcdef","text":"a \"quoted\" word","sent_at":"2026-11-24T05:22:51.123Z","replica":"webserver-2"}]}"#,
        );
        assert_eq!(messages.messages[0].text, "a \"quoted\" word");
        assert_eq!(
            parse(r#"{"type":"presence","count":1,"players":[]}"#).kind,
            "presence"
        );
        let sent = parse(r#"{"type":"sent","ref":"7","id":"0"}"#);
        assert_eq!(sent.reference.as_deref(), Some("7"));
        let error =
            parse(r#"{"type":"error","ref":null,"code":"bad_frame","error":"no","retry_after":2}"#);
        assert_eq!(error.error.as_deref(), Some("no"));
        assert_eq!(error.reference, None);
    }

    #[test]
    fn a_send_is_what_the_server_expects() {
        let send = Send {
            reference: "7",
            text: "hello",
        };
        assert_eq!(
            send.to_json().unwrap(),
            r#"{"type":"send","ref":"7","text":"hello"}"#
        );
    }
}
