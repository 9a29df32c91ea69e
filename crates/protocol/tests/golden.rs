//! `frames.json` has an example of everything that crosses the wire, and these types read and write it exactly so. The
//! client in TypeScript is held against the same file.

use std::collections::BTreeSet;

use protocol::{
    ClientFrame, CloseReason, ServerFrame,
    limits::{MAX_FRAME, MAX_REF, MAX_TEXT},
};
use serde_json::{Value, json};

fn golden(part: &str) -> Value {
    let all: Value = serde_json::from_str(include_str!("../frames.json")).expect("JSON");
    all[part].clone()
}

fn texts(part: &str) -> Vec<String> {
    let examples = golden(part);
    let texts = examples
        .as_array()
        .expect("a list")
        .iter()
        .map(Value::to_string);
    texts.collect()
}

/// The kind of a frame. Whoever adds one is led here by the compiler, and to the examples by the test below.
fn kind(frame: &ServerFrame<'_>) -> &'static str {
    match frame {
        ServerFrame::Welcome { .. } => "welcome",
        ServerFrame::Messages { .. } => "messages",
        ServerFrame::Gap { .. } => "gap", // lesson 7
        ServerFrame::Presence { .. } => "presence",
        ServerFrame::Changes { .. } => "changes",
        ServerFrame::Sent { .. } => "sent",
        ServerFrame::Error { .. } => "error",
        ServerFrame::Pong => "pong",
    }
}

#[test]
fn every_frame_of_a_server_is_read_and_written_as_in_the_examples() {
    let mut kinds = BTreeSet::new();
    for text in texts("server") {
        let frame = ServerFrame::parse(&text).unwrap();
        kinds.insert(kind(&frame));
        let written: Value = serde_json::from_str(&frame.to_json()).unwrap();
        assert_eq!(written.to_string(), text);
        assert_eq!(written["type"], kind(&frame));
    }
    let all = [
        "welcome", "messages", "presence", "changes", "sent", "error", "pong",
    ];
    let all = BTreeSet::from(all);
    let all = &all | &BTreeSet::from(["gap"]); // lesson 7
    assert_eq!(kinds, all);
}

#[test]
fn every_frame_of_a_client_is_read_and_written_as_in_the_examples() {
    let texts = texts("client");
    assert!(!texts.is_empty());
    for text in texts {
        let frame = ClientFrame::parse(&text).unwrap();
        let written: Value = serde_json::from_str(&frame.to_json()).unwrap();
        assert_eq!(written.to_string(), text);
    }
}

#[test]
fn every_close_code_is_in_the_examples_with_its_reason() {
    let mut all: Vec<CloseReason> = CloseReason::ALL.to_vec();
    all.retain(|reason| reason.code() < CloseReason::Full.code()); // lesson 8
    all.sort_by_key(|reason| reason.code());
    let written = all
        .iter()
        .map(|reason| json!({ "code": reason.code(), "reason": reason.text() }));
    assert_eq!(written.collect::<Value>(), golden("close"));
    for reason in all {
        assert_eq!(CloseReason::from_code(reason.code()), Some(reason));
        assert!(reason.text().len() <= 123, "{reason:?}");
    }
    assert_eq!(CloseReason::from_code(1000), None);
}

#[test]
fn the_limits_are_in_the_examples() {
    let limits = json!({
        "text_characters": MAX_TEXT,
        "ref_bytes": MAX_REF,
        "frame_bytes": MAX_FRAME,
    });
    assert_eq!(limits, golden("limits"));
}
