//! The Redis between the replicas is away, and players are connected.

use std::{sync::Arc, time::Duration};

use acceptance::{chat::ids, player::Player, quiet, repeat::Repeat, socket::Socket};
use anyhow::{Context, bail, ensure};
use stack::until;
use tokio::sync::Mutex;

use super::addresses;

/// Says a word and gives its id; nothing when it was refused.
async fn try_say(socket: &mut Socket, text: &str) -> anyhow::Result<Option<String>> {
    let reference = socket.send(text).await?;
    let answer = socket.answer(&reference).await?;
    match answer["type"].as_str() {
        Some("sent") => Ok(answer["id"].as_str().map(str::to_owned)),
        Some("error") => {
            let told = answer["error"].as_str().unwrap_or_default();
            ensure!(told.contains("not sent"), "{answer}");
            Ok(None)
        }
        _ => bail!("{answer}"),
    }
}

#[tokio::test]
async fn a_restart_under_load_loses_nothing_that_was_acknowledged() -> anyhow::Result<()> {
    let builder = quiet()
        .environment("MESSAGE_RATE", "1000")
        .environment("FRAME_RATE", "1000");
    let stack = builder.scale("webserver", 3).start().await?;
    let (mut listeners, mut speakers, mut speaking) = (Vec::new(), Vec::new(), Vec::new());
    for (number, address) in addresses(&stack).into_iter().enumerate() {
        let listener = Player::log_in(&address, &format!("Listener {number}")).await?;
        let mut listener = Socket::open(&listener, &address).await?;
        // From this frame on it is told everything.
        listener.frame("welcome").await?;
        listeners.push(listener);
    }
    // Nobody speaks before everybody listens.
    for (number, address) in addresses(&stack).into_iter().enumerate() {
        let speaker = Player::log_in(&address, &format!("Speaker {number}")).await?;
        let socket = Arc::new(Mutex::new(Socket::open(&speaker, &address).await?));
        speakers.push(Arc::clone(&socket));
        speaking.push(Repeat::start(Duration::from_millis(100), move |word| {
            let socket = Arc::clone(&socket);
            async move { try_say(&mut *socket.lock().await, &format!("word {word}")).await }
        }));
    }
    for speaking in &mut speaking {
        speaking.gives(20, Option::is_some).await?;
    }
    stack.server("pubsub")?.stop().await?;
    for speaking in &mut speaking {
        speaking.gives(5, Option::is_none).await?;
    }
    stack.server("pubsub")?.start().await?;
    for speaking in &mut speaking {
        speaking.gives(20, Option::is_some).await?;
    }
    let (mut acknowledged, mut refused) = (Vec::new(), 0);
    for speaking in speaking {
        let results = speaking.finish().await?;
        refused += results.iter().filter(|result| result.is_none()).count();
        acknowledged.extend(results.into_iter().flatten());
    }
    println!("{} acknowledged, {refused} refused", acknowledged.len());
    until("the last word", Duration::from_secs(10), async || {
        let mut speaker = speakers[0].lock().await;
        match try_say(&mut speaker, "the last word").await {
            Ok(Some(_)) => Ok(()),
            other => Err(format!("{other:?}")),
        }
    })
    .await?;
    for (number, listener) in listeners.iter_mut().enumerate() {
        let told = listener.messages_up_to("the last word").await?;
        let told = ids(&told);
        let missing: Vec<_> = acknowledged
            .iter()
            .filter(|id| !told.contains(id))
            .collect();
        let found = || format!("at webserver-{}\n{}", number + 1, stack.logs());
        ensure!(
            missing.is_empty(),
            "{missing:?} were never told {}",
            found()
        );
    }
    // Redis has forgotten who is here. Each replica has told it again.
    let replicas = addresses(&stack);
    let ada = Player::log_in(&replicas[0], "Ada").await?;
    let mut socket = Socket::open(&ada, &replicas[0]).await?;
    let everybody = [
        "Ada",
        "Listener 0",
        "Listener 1",
        "Listener 2",
        "Speaker 0",
        "Speaker 1",
        "Speaker 2",
    ];
    socket.sees(&everybody).await.context("after the restart")?;
    Ok(())
}
