//! Whatever is said anywhere is pushed to every player over a WebSocket.

mod checks;
mod gathering;
mod leaving;
mod outages;
mod pipelined;
mod presence;
mod protocol;
mod sessions;

use std::time::Duration;

use acceptance::{
    answer::{expect, header, refused},
    chat::ids,
    player::{HOST, Player},
    probes,
    socket::{Socket, upgrade},
};
use anyhow::{Context, ensure};
use serde_json::{Value, json};
use stack::{Stack, until};
use tokio_tungstenite::tungstenite::Message;

/// The problem of lesson 5 is solved.
#[tokio::test]
async fn a_player_is_told_without_asking() -> anyhow::Result<()> {
    probes::told_without_asking().await
}

fn addresses(stack: &Stack) -> Vec<String> {
    let all = stack.replicas();
    all.map(|replica| replica.address().to_owned()).collect()
}

/// A stack of one replica, and the replica's address.
async fn one_replica() -> anyhow::Result<(Stack, String)> {
    let mut stack = Stack::builder().start().await?;
    let address = stack.replica(0)?.address().to_owned();
    Ok((stack, address))
}

/// *Cross-site WebSocket hijacking*: a page of another site opens a socket, and the browser sends the player's cookie
/// along. Browsers do not stop that by themselves, as they would for other requests.
#[tokio::test]
async fn only_a_player_on_our_own_page_gets_a_socket() -> anyhow::Result<()> {
    let (stack, address) = one_replica().await?;
    let nobody = Player::nobody("")?;
    let told = refused(upgrade(&nobody, &address).send().await?, 401).await?;
    ensure!(told.contains("/api/login"), "{told}");
    let ada = Player::log_in(&address, "Ada").await?;
    for origin in [
        "null",
        "http://evil.example",
        "http://webserver.localhost:1",
    ] {
        let foreign = upgrade(&ada, &address).header("origin", origin);
        let told = refused(foreign.send().await?, 403).await?;
        ensure!(told.contains("another site"), "{told}");
    }
    let sister = upgrade(&ada, &address).header("sec-fetch-site", "same-site");
    refused(sister.send().await?, 403).await?;
    let ours = upgrade(&ada, &address).header("origin", format!("http://{HOST}"));
    expect(ours.send().await?, 101).await?;
    // What is no page, such as a program, sends no Origin.
    let mut socket = Socket::open(&ada, &address).await?;
    socket.frame("welcome").await?;
    // Nor is every request to that path a socket.
    let told = refused(ada.get(&address, "/ws").send().await?, 400).await?;
    ensure!(told.contains("WebSocket"), "{told}");
    refused(ada.post(&address, "/ws", &json!({})).send().await?, 405).await?;
    refused(ada.get(&address, "/ws/elsewhere").send().await?, 404).await?;

    // Without the session store nobody is recognised, and those who were stay so.
    stack.server("sessions")?.stop().await?;
    refused(upgrade(&ada, &address).send().await?, 503).await?;
    socket.say("Who is still here?").await?;
    Ok(())
}

#[tokio::test]
async fn there_is_room_for_a_number_of_sockets() -> anyhow::Result<()> {
    let builder = Stack::builder().environment("MAX_SOCKETS", "2");
    let mut stack = builder.start().await?;
    let address = stack.replica(0)?.address().to_owned();
    let ada = Player::log_in(&address, "Ada").await?;
    let mut first = Socket::open(&ada, &address).await?;
    let second = Socket::open(&ada, &address).await?;
    let full = upgrade(&ada, &address).send().await?;
    ensure!(header(&full, "retry-after")?.parse::<u64>()? >= 1);
    let told = refused(full, 503).await?;
    ensure!(told.contains("no room"), "{told}");
    drop(second);
    let third = async || {
        let third = Socket::open(&ada, &address).await;
        third.map_err(|error| format!("{error:#}"))
    };
    let mut third = until("room for another", Duration::from_secs(10), third).await?;
    first.say("Who came?").await?;
    ensure!(third.message().await?["text"] == "Who came?");
    Ok(())
}

#[tokio::test]
async fn what_is_sent_is_acknowledged_or_refused_under_its_reference() -> anyhow::Result<()> {
    let (_stack, address) = one_replica().await?;
    let ada = Player::log_in(&address, "Ada").await?;
    let mut socket = Socket::open(&ada, &address).await?;
    let welcome = socket.frame("welcome").await?;
    let me: Value = ada.get(&address, "/api/me").send().await?.json().await?;
    let player = &me["player"];
    ensure!(player.as_str().is_some_and(|id| id.len() == 16), "{me}");
    let expected =
        json!({ "type": "welcome", "replica": "webserver-1", "name": "Ada", "player": player });
    ensure!(welcome == expected, "{welcome}");
    let reference = socket.send("  hello 🐐 ").await?;
    let sent = socket.answer(&reference).await?;
    let message = socket.message().await?;
    ensure!(
        sent == json!({ "type": "sent", "ref": reference, "id": message["id"] }),
        "{sent}"
    );
    ensure!(
        message["text"] == "hello 🐐" && message["author"] == "Ada",
        "{message}"
    );
    ensure!(message["replica"] == "webserver-1", "{message}");
    ensure!(message["player"] == *player, "{message}");
    // It is the same message to whoever asks, and what is said by asking is told over the socket.
    ensure!(ada.hear(&address, None).await? == [message]);
    let said = ada.say(&address, "by POST").await?;
    ensure!(socket.message().await? == said);

    for (text, code) in [
        ("", "text_empty"),
        ("a\0b", "text_not_accepted"),
        ("\u{200b}", "text_invisible"),
        (&*"x".repeat(501), "text_too_long"),
        (&"x".repeat(16_000), "text_too_long"),
    ] {
        let reference = socket.send(text).await?;
        let refused = socket.answer(&reference).await?;
        ensure!(refused["type"] == "error", "{refused}");
        ensure!(refused["code"] == code, "{refused}");
        let told = refused["error"].as_str().unwrap_or_default();
        ensure!(told.contains("1 to 500 characters"), "{refused}");
        ensure!(refused.get("retry_after").is_none(), "{refused}");
    }
    // Too much at once. These frames make sense, so the socket stays.
    let held_back = loop {
        let reference = socket.send("hello").await?;
        let answer = socket.answer(&reference).await?;
        if answer["type"] == "error" {
            break answer;
        }
    };
    let seconds = held_back["retry_after"]
        .as_u64()
        .context("no retry_after")?;
    ensure!((1..=2).contains(&seconds), "{held_back}");
    ensure!(held_back["code"] == "too_many_messages", "{held_back}");
    // It is one limit, whichever way a player takes.
    let answer = ada.try_say(&address, "hello").await?.status();
    ensure!(answer == 429 || answer == 201, "{answer}");
    Ok(())
}

#[tokio::test]
async fn frames_that_make_no_sense_are_refused_and_at_last_end_the_socket() -> anyhow::Result<()> {
    let (_stack, address) = one_replica().await?;
    let ada = Player::log_in(&address, "Ada").await?;
    let mut socket = Socket::open(&ada, &address).await?;
    let senseless = [
        Message::text("not JSON"),
        Message::text(r#"{"type":"quit"}"#),
        Message::text(r#"{"type":"send","ref":"","text":"x"}"#),
        Message::text(r#"{"type":"send","text":"x"}"#),
        Message::binary(vec![0, 159, 146, 150]),
    ];
    for (number, frame) in senseless.into_iter().enumerate() {
        socket.send_raw(frame).await?;
        let refused = socket.frame("error").await?;
        ensure!(refused["ref"] == Value::Null, "{refused}");
        ensure!(refused["code"] == "bad_frame", "{refused}");
        let told = refused["error"].as_str().unwrap_or_default();
        ensure!(told.contains("must be"), "{refused}");
        // One that makes sense is taken in between.
        socket.say(&format!("word {number}")).await?;
    }
    socket.send_raw(Message::text("[]")).await?;
    ensure!(socket.closed().await? == 1008);

    let mut socket = Socket::open(&ada, &address).await?;
    socket
        .send_raw(Message::text("x".repeat(16 * 1024 + 1)))
        .await?;
    ensure!(socket.closed().await? == 1009);
    // A frame that is larger by far is not even read. How it ends is left to the library.
    let mut socket = Socket::open(&ada, &address).await?;
    let _ = socket.send_raw(Message::text("x".repeat(4_000_000))).await;
    let _ = socket.closed().await;
    ada.say(&address, "It lives.").await?;
    Ok(())
}

/// What is refused is refused under its reference, or its client would send the same message again for ever, and never
/// the ones behind it.
#[tokio::test]
async fn a_message_that_cannot_be_read_does_not_stand_in_the_way_of_the_next() -> anyhow::Result<()>
{
    let (_stack, address) = one_replica().await?;
    let ada = Player::log_in(&address, "Ada").await?;
    let mut socket = Socket::open(&ada, &address).await?;
    for (number, frame) in [
        // Half an emoji: JavaScript has such strings, and Rust has not.
        r#"{"type":"send","ref":"bad","text":"\ud83d"}"#,
        r#"{"type":"send","ref":"bad","text":7}"#,
        r#"{"type":"send","ref":"bad","text":"x","to":"all"}"#,
    ]
    .into_iter()
    .enumerate()
    {
        socket.send_raw(Message::text(frame)).await?;
        let refused = socket.answer("bad").await?;
        ensure!(refused["code"] == "bad_frame", "{refused}");
        socket.say(&format!("word {number}")).await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_ping_is_answered_with_a_pong() -> anyhow::Result<()> {
    let (_stack, address) = one_replica().await?;
    let ada = Player::log_in(&address, "Ada").await?;
    let mut socket = Socket::open(&ada, &address).await?;
    socket.send_raw(Message::text(r#"{"type":"ping"}"#)).await?;
    let pong = socket.frame("pong").await?;
    ensure!(pong == json!({ "type": "pong" }), "{pong}");
    Ok(())
}

#[tokio::test]
async fn every_socket_sees_the_same_order_and_each_speakers_own() -> anyhow::Result<()> {
    let builder = Stack::builder()
        .environment("MESSAGE_RATE", "1000")
        .environment("FRAME_RATE", "1000");
    let stack = builder.scale("webserver", 3).start().await?;
    let mut sockets = Vec::new();
    for (number, address) in addresses(&stack).iter().enumerate() {
        for listener in ["a", "b"] {
            let player = Player::log_in(address, &format!("{number}{listener}")).await?;
            sockets.push(Socket::open(&player, address).await?);
        }
    }
    for socket in &mut sockets {
        socket.frame("welcome").await?;
    }
    // Two speakers on different replicas, who do not wait for each other.
    let speakers = [(0, "Ada"), (5, "Bob")];
    let mut references = [Vec::new(), Vec::new()];
    for word in 0..100 {
        for ((speaker, name), references) in speakers.iter().zip(&mut references) {
            references.push(sockets[*speaker].send(&format!("{name} {word}")).await?);
        }
    }
    let mut spoken = Vec::new();
    for ((speaker, _), references) in speakers.iter().zip(references) {
        let mut sent = Vec::new();
        for reference in references {
            let answer = sockets[*speaker].answer(&reference).await?;
            sent.push(
                answer["id"]
                    .as_str()
                    .context(answer.to_string())?
                    .to_owned(),
            );
        }
        spoken.push(sent);
    }
    let mut order = Vec::new();
    for _ in 0..200 {
        order.push(sockets[0].message().await?);
    }
    for sent in spoken {
        let told = ids(&order);
        let told: Vec<_> = told.into_iter().filter(|id| sent.contains(id)).collect();
        ensure!(told == sent, "{sent:?} was told as {told:?}");
    }
    for socket in &mut sockets[1..] {
        for message in &order {
            let told = socket.message().await?;
            ensure!(told == *message, "{told} instead of {message}");
        }
    }
    Ok(())
}
