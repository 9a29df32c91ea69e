//! What one player says is in the history in the order in which it was said, though nobody waits for an answer.

use acceptance::{player::Player, quiet, redis::ask, socket::Socket};
use anyhow::{Context, ensure};

/// Redis forgets the script again and again, as one does that is started anew. That must not let one word overtake another.
#[tokio::test]
async fn no_word_overtakes_another() -> anyhow::Result<()> {
    let mut stack = quiet()
        .environment("MESSAGE_RATE", "100000")
        .environment("FRAME_RATE", "100000")
        .start()
        .await?;
    let address = stack.replica(0)?.address().to_owned();
    let ada = Player::log_in(&address, "Ada").await?;
    let mut socket = Socket::open(&ada, &address).await?;
    socket.frame("welcome").await?;
    let mut said = Vec::new();
    for round in 0..20 {
        ask(&stack, "pubsub", "SCRIPT FLUSH").await?;
        let mut references = Vec::new();
        for word in 0..50 {
            let text = format!("{round} {word}");
            references.push(socket.send(&text).await?);
            said.push(text);
        }
        for reference in references {
            let answer = socket.answer(&reference).await?;
            ensure!(answer["type"] == "sent", "{answer}");
        }
    }
    for said in said {
        let told = socket.message().await?;
        let text = told["text"].as_str().context("no text")?;
        ensure!(text == said, "{text} was told where {said} was next");
    }
    Ok(())
}
