//! Whatever a client sends, the server goes on, and nobody else notices.

use std::{ops::Range, time::Duration};

use acceptance::goat::{Goat, address, counter, lobby, status, the_match};
use acceptance::player::HOST;
use anyhow::{Context, anyhow, ensure};
use bot::game::GameClient;
use proptest::{
    collection::vec,
    prelude::*,
    strategy::ValueTree,
    test_runner::{Config, RngSeed, TestRunner},
};
use protocol::game::ClientFrame;
use stack::Stack;
use tokio_tungstenite::tungstenite::Message;

/// Any frame: what could be an input, what could be text of ours, and anything else.
fn frame() -> impl Strategy<Value = Message> {
    let input = (0..3_u8, any::<u8>(), 0..3_u8, any::<[u8; 5]>());
    let input = input.prop_map(|(kind, direction, hold, rest)| {
        Message::binary([&[kind, direction, hold][..], &rest].concat())
    });
    let good = (0..32_u8, 0..2_u8, any::<[u8; 4]>());
    let good = good.prop_map(|(direction, hold, [a, b, c, d])| {
        Message::binary(vec![1, direction, hold, 0, a, b, c, d])
    });
    let text = r#"\{("type"|"ticket"|"token"|"seat"|"at"|"ping"|"enter"|"resume"|[:,\[\]{}"a-z0-9\\]){0,40}\}?"#;
    prop_oneof![
        12 => good,
        2 => input,
        1 => vec(any::<u8>(), 0..300).prop_map(Message::binary),
        1 => text.prop_map(Message::text),
        1 => any::<String>().prop_map(Message::text),
        1 => vec(any::<u8>(), 0..100).prop_map(|bytes| Message::Ping(bytes.into())),
        1 => (0..=1_u64 << 53).prop_map(|at| Message::text(ClientFrame::Ping { at }.to_json())),
    ]
}

/// Enters, or does not, and sends frames until it is sent away.
async fn annoy(stack: &Stack, seed: u64, frames: usize) -> anyhow::Result<()> {
    let mut runner = TestRunner::new(Config {
        rng_seed: RngSeed::Fixed(seed),
        ..Config::default()
    });
    let lobby = lobby(stack, "Mallory").await?;
    let ticket = match lobby.watch().await {
        Ok(ticket) if !seed.is_multiple_of(2) => ticket,
        _ => lobby.play(None).await?,
    };
    let mut client = GameClient::open(address(stack)?, HOST, &ticket.path, None).await?;
    // Some say what comes to their mind, from the first frame on.
    if !seed.is_multiple_of(4) {
        client.show(&ticket.ticket).await?;
    }
    for _ in 0..frames {
        let frame = frame().new_tree(&mut runner);
        let frame = frame.map_err(|reason| anyhow!("{reason}"))?.current();
        if client.send(frame).await.is_err() {
            break;
        }
    }
    // Else the seat would be kept.
    lobby.leave().await?;
    Ok(())
}

/// Two who play and watch a match, while others annoy the server in it. A whole match may be shorter than all of that, so it is done in parts.
async fn bear(stack: &Stack, seeds: Range<u64>) -> anyhow::Result<(Goat, Goat)> {
    // Bob is led to wherever somebody plays: that must be Ada's match, and not the one of the part before, which is about to end.
    until_nobody_plays(stack).await?;
    // The only player of a match may leave in the moment in which she gets a seat in it. Then she asks again.
    let ada = Goat::persist(stack, &lobby(stack, "Ada").await?).await?;
    let mut watcher = Goat::watch(stack, "Bob").await?;
    let mut last = watcher.snapshot().await?.state.tick;
    let annoying = async {
        for seed in seeds {
            annoy(stack, seed, 100).await?;
        }
        anyhow::Ok(())
    };
    let watching = async {
        let mut gaps = 0;
        loop {
            let next = watcher.snapshot().await?.state.tick;
            gaps += u32::from(next > last + 1);
            last = next;
            if gaps > 5 {
                return Err::<(), _>(anyhow!("{gaps} times no tick was shown"));
            }
        }
    };
    tokio::select! {
        annoyed = annoying => annoyed?,
        watched = watching => watched?,
    }
    Ok((ada, watcher))
}

/// Waits until the last match is over, and the server has forgotten it.
async fn until_nobody_plays(stack: &Stack) -> anyhow::Result<()> {
    let a_while = Duration::from_secs(20);
    stack::until("the end of the last match", a_while, async || {
        let status = status(stack).await;
        let status = status.map_err(|error| format!("{error:#}"))?;
        let matches = status["matches"].as_array();
        matches
            .is_some_and(Vec::is_empty)
            .then_some(())
            .ok_or_else(|| status.to_string())
    })
    .await
}

#[tokio::test]
async fn whatever_clients_send_the_server_goes_on_and_its_ticks_come_in_time() -> anyhow::Result<()>
{
    let builder = Stack::builder().environment("GATHER", "0");
    let builder = builder.environment("LOGIN_RATE", "1000");
    let builder = builder.environment("GRACE", "1");
    let stack = builder.environment("FRAME_RATE", "1000").start().await?;
    for part in 0..4 {
        bear(&stack, part * 40..(part + 1) * 40).await?;
    }
    let (mut ada, _watcher) = bear(&stack, 160..200).await?;
    ada.frame("started").await?;
    let status = status(&stack).await?;
    ensure!(status["counters"]["faults"] == 0, "{status}");
    ensure!(
        status["counters"]["frames_bad"].as_u64() > Some(100),
        "{status}"
    );
    ensure!(counter(&stack, "inputs_taken").await? > 50, "{status}");
    // They have left, and left nothing behind.
    stack::until(
        "only the first two being there",
        Duration::from_secs(10),
        async || {
            let status = the_match(&stack).await;
            let status = status.map_err(|error| format!("{error:#}"))?;
            let seats = status["seats"].as_array().into_iter().flatten();
            let players = seats.filter(|seat| *seat == "player").count();
            let here = (players, status["watchers"].as_u64());
            (here == (1, Some(1)))
                .then_some(())
                .ok_or_else(|| status.to_string())
        },
    )
    .await?;
    let late = counter(&stack, "late_ticks").await?;
    let ticks = counter(&stack, "ticks").await?;
    // On a machine that is busy with other things some are. If a flood of frames could keep them back, nearly all would be.
    ensure!(late * 2 <= ticks, "{late} of {ticks} ticks were late");
    let server = stack
        .replicas_of("gameserver")
        .next()
        .context("no game server")?;
    ensure!(
        !server
            .log()
            .lines()
            .iter()
            .any(|line| line.contains("panicked"))
    );
    Ok(())
}
