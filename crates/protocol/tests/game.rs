//! `game.json` has an example of everything that crosses the wire to and from a game server, and these types read and write it
//! exactly so. The client in TypeScript is held against the same file.

use std::collections::BTreeSet;

use protocol::{
    CloseReason,
    game::{
        ClientFrame, DIRECTIONS, INPUT_AT_LEAST_EVERY_MS, InputFrame, MAX_AT, MAX_TICKET, RULES,
        ServerFrame, TOKEN_DIGITS,
    },
    serial::ahead,
};
use serde_json::{Value, json};

fn golden(part: &str) -> Value {
    let all: Value = serde_json::from_str(include_str!("../game.json")).expect("JSON");
    all[part].clone()
}

fn examples(part: &str) -> Vec<Value> {
    let examples = golden(part);
    examples.as_array().expect("a list").clone()
}

/// The kind of a frame. Whoever adds one is led here by the compiler, and to the examples by the test below.
fn kind(frame: &ServerFrame<'_>) -> &'static str {
    match frame {
        ServerFrame::Welcome { .. } => "welcome",
        ServerFrame::Gathering { .. } => "gathering",
        ServerFrame::Started { .. } => "started",
        ServerFrame::Seats { .. } => "seats",
        ServerFrame::Result { .. } => "result",
        ServerFrame::Cancelled { .. } => "cancelled",
        ServerFrame::Error { .. } => "error",
        ServerFrame::Pong { .. } => "pong",
    }
}

#[test]
fn every_frame_of_a_game_server_is_read_and_written_as_in_the_examples() {
    let mut kinds = BTreeSet::new();
    for example in examples("server") {
        let text = example.to_string();
        let frame = ServerFrame::parse(&text).unwrap();
        kinds.insert(kind(&frame));
        let written: Value = serde_json::from_str(&frame.to_json()).unwrap();
        assert_eq!(written, example);
        assert_eq!(written["type"], kind(&frame));
    }
    let all = [
        "welcome",
        "gathering",
        "started",
        "seats",
        "result",
        "cancelled",
        "error",
        "pong",
    ];
    assert_eq!(kinds, BTreeSet::from(all));
}

/// While a fleet is rolled, and when tools of today look at a system of an older lesson.
#[test]
fn a_server_of_an_older_build_welcomes_with_less() {
    let older =
        r#"{"type":"welcome","server":"gs-1","match_id":"m1","seat":0,"seats":8,"tick_rate":20}"#;
    let frame = ServerFrame::parse(older).unwrap();
    let ServerFrame::Welcome {
        resume,
        grace_ms,
        rules,
        ..
    } = frame
    else {
        panic!("{frame:?}")
    };
    assert_eq!((resume, grace_ms), (None, 0));
    assert_ne!(rules, RULES);
}

#[test]
fn every_frame_of_a_client_is_read_and_written_as_in_the_examples() {
    let mut frames = Vec::new();
    for example in examples("client") {
        let frame = ClientFrame::parse(&example.to_string()).unwrap();
        let written: Value = serde_json::from_str(&frame.to_json()).unwrap();
        assert_eq!(written, example);
        frames.push(frame);
    }
    let resume = ClientFrame::Resume {
        match_id: "7h2kq0x9vd".to_owned(),
        seat: 3,
        token: "0123456789abcdef0123456789abcdef".parse().unwrap(),
    };
    let ticket = "header.claims.signature".to_owned();
    let ping = |at| ClientFrame::Ping { at };
    let expected = [ClientFrame::Enter { ticket }, resume, ping(0), ping(MAX_AT)];
    assert_eq!(frames, expected);
}

#[test]
fn every_input_is_read_and_written_as_in_the_examples() {
    for example in examples("inputs") {
        let bytes: Vec<u8> = serde_json::from_value(example["bytes"].clone()).unwrap();
        let input = InputFrame::decode(&bytes).unwrap();
        assert_eq!(input.encode(), *bytes);
        let InputFrame {
            direction,
            hold,
            sequence,
            seen,
        } = input;
        let read = json!({
            "bytes": bytes,
            "direction": direction,
            "hold": hold,
            "sequence": sequence,
            "seen": seen,
        });
        assert_eq!(read, example);
    }
}

#[test]
fn numbers_that_wrap_are_compared_as_in_the_examples() {
    for example in examples("ahead") {
        let number = |key: &str| u16::try_from(example[key].as_u64().unwrap()).unwrap();
        assert_eq!(ahead(number("of"), number("number")), example["ahead"]);
    }
}

#[test]
fn every_close_code_of_the_game_is_in_the_examples_with_its_reason() {
    let game = CloseReason::ALL.iter().copied();
    let game = game.filter(|reason| reason.code() >= CloseReason::Full.code());
    let written = game
        .clone()
        .map(|reason| json!({ "code": reason.code(), "reason": reason.text() }));
    assert_eq!(written.collect::<Value>(), golden("close"));
    for reason in game {
        assert_eq!(CloseReason::from_code(reason.code()), Some(reason));
        assert!(reason.text().len() <= 123, "{reason:?}");
    }
}

#[test]
fn the_limits_are_in_the_examples() {
    let limits = json!({
        "directions": DIRECTIONS,
        "at": MAX_AT,
        "ticket_characters": MAX_TICKET,
        "token_digits": TOKEN_DIGITS,
        "input_at_least_every_ms": INPUT_AT_LEAST_EVERY_MS,
        "rules": RULES,
    });
    assert_eq!(limits, golden("limits"));
}
