//! What is said within a short time comes in one frame.

use acceptance::{player::Player, socket::Socket};
use anyhow::ensure;
use stack::Stack;

/// Nine words, sent without a wait between them, and the frames in which somebody else hears them.
async fn frames_of_nine(window: &str) -> anyhow::Result<Vec<usize>> {
    let builder = Stack::builder().environment("FLUSH_WINDOW", window);
    let mut stack = builder.start().await?;
    let address = stack.replica(0)?.address().to_owned();
    let (ada, bob) = (
        Player::log_in(&address, "Ada").await?,
        Player::log_in(&address, "Bob").await?,
    );
    let (mut speaker, mut listener) = (
        Socket::open(&ada, &address).await?,
        Socket::open(&bob, &address).await?,
    );
    listener.frame("welcome").await?;
    // A word after a quiet time. With it a window opens.
    speaker.send("first").await?;
    ensure!(listener.messages_in_a_frame().await?.len() == 1);
    for word in 0..8 {
        speaker.send(&format!("word {word}")).await?;
    }
    let (mut texts, mut frames) = (Vec::new(), Vec::new());
    while texts.len() < 8 {
        let messages = listener.messages_in_a_frame().await?;
        frames.push(messages.len());
        texts.extend(messages.iter().map(|message| message["text"].clone()));
    }
    let said: Vec<String> = (0..8).map(|word| format!("word {word}")).collect();
    ensure!(texts == said, "{texts:?}");
    Ok(frames)
}

#[tokio::test]
async fn what_is_said_within_the_window_comes_in_one_frame() -> anyhow::Result<()> {
    // So long that it cannot be over before all is said, however busy this machine is.
    ensure!(frames_of_nine("1000").await? == [8]);
    Ok(())
}

#[tokio::test]
async fn without_a_window_nothing_waits() -> anyhow::Result<()> {
    let frames = frames_of_nine("0").await?;
    ensure!(frames.iter().sum::<usize>() == 8);
    Ok(())
}

/// Only what is for all waits. With a window of a second, whoever speaks has an answer, and a lone word is there, long before.
#[tokio::test]
async fn an_acknowledgement_and_a_lone_word_do_not_wait() -> anyhow::Result<()> {
    let builder = Stack::builder().environment("FLUSH_WINDOW", "1000");
    let mut stack = builder.start().await?;
    let address = stack.replica(0)?.address().to_owned();
    let ada = Player::log_in(&address, "Ada").await?;
    let mut socket = Socket::open(&ada, &address).await?;
    let first = socket.say("first").await?;
    ensure!(socket.message().await?["id"] == first.as_str());
    // Each answer comes before the window of the first word closes, and with it the words themselves.
    for word in 0..3 {
        socket.say(&format!("word {word}")).await?;
    }
    ensure!(
        socket.waiting_messages() == 0,
        "the words came before their answers"
    );
    let reference = socket.send("").await?;
    ensure!(socket.answer(&reference).await?["type"] == "error");
    ensure!(
        socket.waiting_messages() == 0,
        "the words came before a refusal"
    );
    ensure!(socket.messages_in_a_frame().await?.len() == 3);
    Ok(())
}
