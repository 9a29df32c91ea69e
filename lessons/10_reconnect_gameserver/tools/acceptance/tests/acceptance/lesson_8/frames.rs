//! Frames that a client sends: those that make sense, and those that do not.

use acceptance::goat::{Goat, counter, lobby};
use anyhow::ensure;
use protocol::game::{ClientFrame, MAX_TICKET, RULES, TOKEN_DIGITS};
use serde_json::{Value, json};
use stack::Stack;
use tokio_tungstenite::tungstenite::Message;

fn binary(bytes: &[u8]) -> Message {
    Message::binary(bytes.to_vec())
}

/// Sends a frame, and gives the sentence with which it is refused.
async fn refusal(goat: &mut Goat, frame: Message) -> anyhow::Result<String> {
    goat.send(frame).await?;
    let error = goat.frame("error").await?;
    ensure!(error["code"] == "bad_frame", "{error}");
    Ok(error["error"].as_str().unwrap_or_default().to_owned())
}

#[tokio::test]
async fn frames_that_make_no_sense_are_refused_and_too_many_end_the_socket() -> anyhow::Result<()> {
    let stack = Stack::builder().start().await?;
    let cases = [
        (binary(&[1, 0, 0, 0, 0, 0, 0]), "must have 8"),
        (binary(&[2, 0, 0, 0, 0, 0, 0, 0]), "must begin with 1"),
        (binary(&[1, 32, 0, 0, 0, 0, 0, 0]), "0 to 31"),
        (binary(&[1, 0, 2, 0, 0, 0, 0, 0]), "0 or 1"),
        (Message::text(r#"{"type":"fly"}"#), "a text frame must be {"),
        (
            Message::text(r#"{"type":"enter","ticket":"a"}"#),
            "entered already",
        ),
    ];
    // Each of them, and then those that are one too many.
    for (frame, expected) in &cases {
        let mut goat = Goat::play(&stack, "Ada").await?;
        let told = refusal(&mut goat, frame.clone()).await?;
        ensure!(told.contains(expected), "{told}");
    }
    let mut goat = Goat::play(&stack, "Ada").await?;
    for (frame, _) in &cases[..5] {
        refusal(&mut goat, frame.clone()).await?;
    }
    goat.send(cases[5].0.clone()).await?;
    ensure!(goat.closed().await? == 1008);
    ensure!(counter(&stack, "frames_bad").await? == 12);
    // Who only watches has no goat that an input could be for.
    let _cyd = Goat::play(&stack, "Cyd").await?;
    let mut watcher = Goat::watch(&stack, "Bob").await?;
    let told = refusal(&mut watcher, binary(&[1, 0, 0, 0, 0, 0, 0, 0])).await?;
    ensure!(told.contains("only watch"), "{told}");
    Ok(())
}

#[tokio::test]
async fn a_ping_is_answered_at_once_with_what_was_sent() -> anyhow::Result<()> {
    let stack = Stack::builder().start().await?;
    let mut goat = Goat::open(&stack).await?;
    // Before one has entered, too.
    for at in [0, 1 << 53] {
        goat.client().say(&ClientFrame::Ping { at }).await?;
        let pong = goat.frame("pong").await?;
        ensure!(pong == json!({ "type": "pong", "at": at }), "{pong}");
    }
    Ok(())
}

#[tokio::test]
async fn who_says_nothing_is_sent_away_after_five_seconds() -> anyhow::Result<()> {
    let stack = Stack::builder().start().await?;
    let ticket = lobby(&stack, "Ada").await?.play(None).await?;
    let mut silent = Goat::open_at(&stack, &ticket.path).await?;
    let mut confused = Goat::open_at(&stack, &ticket.path).await?;
    let told = refusal(&mut confused, binary(&[1, 0, 0, 0, 0, 0, 0, 0])).await?;
    ensure!(told.contains("nobody has entered here yet"), "{told}");
    let long = ClientFrame::Enter {
        ticket: "t".repeat(MAX_TICKET + 1),
    };
    let told = refusal(&mut confused, Message::text(long.to_json())).await?;
    ensure!(told.contains("more than 1024 characters"), "{told}");
    confused.client().show(&ticket.ticket).await?;
    let welcome = confused.frame("welcome").await?;
    let expected = json!({
        "type": "welcome",
        "server": ticket.server,
        "match_id": ticket.match_id,
        "seat": 0,
        "seats": 8,
        "tick_rate": 20,
        "resume": welcome["resume"],
        "grace_ms": 20_000,
        "rules": RULES,
    });
    ensure!(welcome == expected, "{welcome}");
    let token = welcome["resume"].as_str().unwrap_or_default();
    ensure!(token.len() == TOKEN_DIGITS, "{welcome}");
    ensure!(silent.closed().await? == 4002);
    let ticket = lobby(&stack, "Bob").await?.watch().await?;
    let mut watcher = Goat::open_at(&stack, &ticket.path).await?;
    watcher.client().show(&ticket.ticket).await?;
    let welcome = watcher.frame("welcome").await?;
    ensure!(welcome["seat"] == Value::Null, "{welcome}");
    ensure!(welcome["resume"] == Value::Null, "{welcome}");
    Ok(())
}
