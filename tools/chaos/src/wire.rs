//! The frames of `/ws`, as far as a client of this tool reads and writes them.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

/// A frame from the server. One struct for all kinds, because serde reads a tagged enum into memory first.
#[derive(Debug, Deserialize)]
pub struct Frame<'a> {
    /// What kind of frame it is: welcome, presence, messages, gap, sent or error.
    #[serde(rename = "type")]
    pub kind: &'a str,
    /// The replica that tells; of welcome.
    #[serde(default, borrow)]
    pub replica: Option<Cow<'a, str>>,
    /// What was said; of messages.
    #[serde(default, borrow)]
    pub messages: Vec<Message<'a>>,
    /// The id of our message; of sent.
    #[serde(default, borrow)]
    pub id: Option<Cow<'a, str>>,
    /// What our frame called itself; of sent and error.
    #[serde(default, borrow, rename = "ref")]
    pub reference: Option<Cow<'a, str>>,
    /// What was wrong; of error.
    #[serde(default, borrow)]
    pub error: Option<Cow<'a, str>>,
    /// After how many seconds the same may be sent again; of error, if it makes sense to.
    #[serde(default)]
    pub retry_after: Option<u64>,
    /// What we said was the last that we heard; of gap.
    #[serde(default, borrow)]
    pub after: Option<Cow<'a, str>>,
    /// The first message that is kept; of gap.
    #[serde(default, borrow)]
    pub first: Option<Cow<'a, str>>,
}

/// One message.
#[derive(Debug, Deserialize)]
pub struct Message<'a> {
    /// Its id.
    #[serde(borrow)]
    pub id: Cow<'a, str>,
    /// What was said.
    #[serde(borrow)]
    pub text: Cow<'a, str>,
}

/// The frame that sends a message.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename = "send")]
pub struct Send<'a> {
    /// How the answer shall call it. The same message keeps it, however often it is sent.
    #[serde(rename = "ref")]
    pub reference: &'a str,
    /// What to say.
    pub text: &'a str,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_frame_is_understood() {
        let parse = |text| serde_json::from_str::<Frame<'_>>(text).unwrap();
        let messages = parse(
            r#"{"type":"messages","replica":"webserver-1","messages":[{"id":"5-0","author":"Ada","text":"a \"word\"","sent_at":"2026-11-24T05:22:51.123Z","replica":"webserver-2"}]}"#,
        );
        assert_eq!(messages.messages[0].id, "5-0");
        assert_eq!(messages.messages[0].text, "a \"word\"");
        let sent = parse(r#"{"type":"sent","ref":"a","id":"5-0"}"#);
        assert_eq!(sent.id.as_deref(), Some("5-0"));
        let error = parse(r#"{"type":"error","ref":"a","error":"no","retry_after":2}"#);
        assert_eq!(error.retry_after, Some(2));
        let gap = parse(r#"{"type":"gap","after":"5-0","first":null}"#);
        assert_eq!((gap.after.as_deref(), gap.first), (Some("5-0"), None));
        let welcome = parse(r#"{"type":"welcome","replica":"webserver-1","name":"Ada"}"#);
        assert_eq!(welcome.replica.as_deref(), Some("webserver-1"));
        let presence = parse(r#"{"type":"presence","count":1,"names":["Ada"]}"#);
        assert_eq!(presence.kind, "presence");
    }

    #[test]
    fn a_send_is_what_the_server_expects() {
        let send = Send {
            reference: "7",
            text: "hello",
        };
        assert_eq!(
            serde_json::to_string(&send).unwrap(),
            r#"{"type":"send","ref":"7","text":"hello"}"#
        );
    }
}
