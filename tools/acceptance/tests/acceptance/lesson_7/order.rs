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
    let mut taken = Vec::new();
    for round in 0..20 {
        ask(&stack, "pubsub", "SCRIPT FLUSH").await?;
        let mut references = Vec::new();
        for word in 0..50 {
            let text = format!("{round} {word}");
            references.push((socket.send(&text).await?, text));
        }
        for (reference, text) in references {
            // On a busy machine Redis may take too long for one of them. Nobody knows then whether that was said.
            if socket.answer(&reference).await?["type"] == "sent" {
                taken.push(text);
            }
        }
    }
    let last = taken.last().context("nothing was taken")?;
    let told = socket.messages_up_to(last).await?;
    let told = told.iter().filter_map(|message| message["text"].as_str());
    let told: Vec<&str> = told
        .filter(|text| taken.iter().any(|taken| taken == text))
        .collect();
    ensure!(told == taken, "{told:?} was told, and {taken:?} was said");
    Ok(())
}
