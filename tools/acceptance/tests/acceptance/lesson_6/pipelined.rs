//! What one client may send, and that it need not wait for one answer before it sends the next.

use acceptance::{
    player::Player,
    wire::{FIN, Heard, Wire, frame},
};
use anyhow::ensure;
use load::raw_frames::opcode::{PING, PONG, TEXT};
use nix::sys::signal::Signal;
use stack::Stack;

/// More than a client may send at once, even if some seconds pass meanwhile.
const FLOOD: usize = 1_000;

fn say(text: &str) -> Vec<u8> {
    let said = format!(r#"{{"type":"send","ref":"1","text":"{text}"}}"#);
    frame(FIN | TEXT, said.as_bytes())
}

/// A client that asks Redis for something does not stand still until there is an answer.
#[tokio::test]
async fn frames_are_read_while_others_wait_for_redis() -> anyhow::Result<()> {
    let mut stack = Stack::builder().start().await?;
    let address = stack.replica(0)?.address().to_owned();
    let ada = Player::log_in(&address, "Ada").await?;
    let mut wire = Wire::open(&ada, &address).await?;
    wire.send(&say("Is Redis there?")).await?;
    ensure!(wire.hear().await? == Heard::Sent);
    stack.server("pubsub")?.signal(Signal::SIGSTOP)?;
    for word in ["one", "two", "three"] {
        wire.send(&say(word)).await?;
    }
    wire.send(&frame(FIN | PING, b"meanwhile")).await?;
    ensure!(wire.hear().await? == Heard::Pong(b"meanwhile".to_vec()));
    stack.server("pubsub")?.signal(Signal::SIGCONT)?;
    // Taken or refused, depending on how long that was: each has its answer.
    for _ in 0..3 {
        let answer = wire.hear().await?;
        ensure!(matches!(answer, Heard::Sent | Heard::Error), "{answer:?}");
    }
    Ok(())
}

/// Whatever it is that comes too often, it ends the socket, and a person's pace does not.
#[tokio::test]
async fn too_many_frames_of_any_kind_end_the_socket() -> anyhow::Result<()> {
    let mut stack = Stack::builder().start().await?;
    let address = stack.replica(0)?.address().to_owned();
    let ada = Player::log_in(&address, "Ada").await?;
    for (name, flooding) in [
        ("pings", frame(FIN | PING, b"")),
        ("pongs", frame(FIN | PONG, b"")),
        ("refused texts", say("")),
    ] {
        let mut wire = Wire::open(&ada, &address).await?;
        // It may be closed before all is sent.
        let _ = wire.send(&flooding.repeat(FLOOD)).await;
        let end = loop {
            match wire.hear().await? {
                Heard::Pong(_) | Heard::Error => {}
                end => break end,
            }
        };
        ensure!(end == Heard::Close(Some(4005)), "{name}: {end:?}");
    }
    let mut wire = Wire::open(&ada, &address).await?;
    wire.send(&frame(FIN | PING, b"").repeat(100)).await?;
    for _ in 0..100 {
        ensure!(wire.hear().await? == Heard::Pong(Vec::new()));
    }
    wire.send(&say("Still here.")).await?;
    Ok(())
}
