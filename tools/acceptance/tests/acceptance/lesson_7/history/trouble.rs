//! Redis is full, empty, away, or has another clock.

use acceptance::{
    answer::{expect, header, refused},
    chat::ids,
    history::BEGINNING,
    player::Player,
    redis,
};
use anyhow::{Context, ensure};
use serde_json::{Value, json};
use stack::{Stack, until};

use super::{FUTURE, HISTORY, PUBSUB, RECOVERED_WITHIN, addresses, tells, two_replicas};

#[tokio::test]
async fn a_redis_that_lost_everything_is_begun_with_anew() -> anyhow::Result<()> {
    let (stack, replicas, ada) = two_replicas().await?;
    let before = ada.say(&replicas[0], "before").await?;
    let place = before["id"].as_str().context("no id")?;
    redis::ask(&stack, PUBSUB, "FLUSHALL").await?;
    stack.server(PUBSUB)?.kill().await?;
    stack.server(PUBSUB)?.start().await?;
    for address in &replicas {
        until("finding the hole", RECOVERED_WITHIN, async || {
            let told = ada.resume(address, place).await;
            let told = told.map_err(|error| format!("{error:#}"))?;
            if told["gap"] == true && told["messages"] == json!([]) {
                Ok(())
            } else {
                Err(told.to_string())
            }
        })
        .await?;
    }
    for replica in stack.replicas() {
        let log = replica.log().lines();
        let told = log
            .iter()
            .filter(|line| line.contains("does not reach back"));
        ensure!(told.count() == 1, "{}", log.join("\n"));
    }
    let (after, _) = ada.say_once(&replicas, "after", "after").await?;
    for address in &replicas {
        ensure!(tells(&ada, address, &after).await? == vec![after.clone()]);
    }
    // Places that go back, while everybody is connected: somebody has put the clock forward, and then all is lost.
    let message = r#"{"author":"Eve","text":"from the future","sent_at":"2026-11-24T05:22:51.123Z","replica":"x"}"#;
    let jump = format!("XADD {HISTORY} {FUTURE} message '{message}'");
    redis::ask(&stack, PUBSUB, &jump).await?;
    ada.say(&replicas[0], "later").await?;
    redis::ask(&stack, PUBSUB, "FLUSHALL").await?;
    let (now, _) = ada.say_once(&replicas, "now", "now").await?;
    for address in &replicas {
        ensure!(tells(&ada, address, &now).await? == vec![now.clone()]);
    }
    Ok(())
}

#[tokio::test]
async fn a_clock_that_jumps_does_not_change_the_order() -> anyhow::Result<()> {
    let (mut stack, replicas, ada) = two_replicas().await?;
    let before = ada.say(&replicas[0], "before").await?;
    let message = r#"{"author":"Bob","text":"from the future","sent_at":"2026-11-24T05:22:51.123Z","replica":"webserver-9"}"#;
    let entry = format!("XADD {HISTORY} {FUTURE} message '{message}'");
    redis::ask(&stack, PUBSUB, &entry).await?;
    for garbage in ["message garbage", "message {}", "other field"] {
        redis::ask(&stack, PUBSUB, &format!("XADD {HISTORY} * {garbage}")).await?;
    }
    let mut said = Vec::new();
    for word in 0..4 {
        let address = &replicas[word % 2];
        said.push(ada.say(address, &format!("word {word}")).await?);
    }
    // Redis counts on from the greatest place, though its clock is far behind it.
    let places = ids(&said);
    ensure!(places[0] == "9000000000000-4", "{places:?}");
    ensure!(places[3] == "9000000000000-7", "{places:?}");
    let place = before["id"].as_str().context("no id")?;
    for address in &replicas {
        ensure!(tells(&ada, address, &said[3]).await?.ends_with(&said));
    }
    // Only who reads the history knows of what nobody passed on; garbage in it is nobody's message.
    let added = stack.add_replica("webserver").await?;
    let added = stack.replicas().find(|replica| replica.id() == added);
    let added = added
        .context("the new replica is gone")?
        .address()
        .to_owned();
    let told = ada.read_on(&added, place).await?;
    ensure!(told[0]["text"] == "from the future" && told[0]["id"] == FUTURE);
    ensure!(told[1..] == said, "{told:?}");
    for (place, id) in places.iter().enumerate() {
        ensure!(ada.read_on(&added, id).await? == said[place + 1..]);
    }
    Ok(())
}

/// The memory that a key costs is a matter of how much may be said before Redis is full.
#[tokio::test]
async fn a_key_costs_little_and_outlives_its_message() -> anyhow::Result<()> {
    let (stack, replicas, ada) = two_replicas().await?;
    let text = "🐐".repeat(500);
    let first = ada.try_say_once(&replicas[0], "key", &text).await?;
    let first: Value = expect(first, 201).await?.json().await?;
    let keys = redis::ask(&stack, PUBSUB, "KEYS goatscale:key:*").await?;
    let key = keys.lines().find(|line| line.starts_with("goatscale:key:"));
    let usage = format!("MEMORY USAGE {}", key.context("no key")?);
    let usage = redis::ask(&stack, PUBSUB, &usage).await?;
    let bytes: usize = usage.trim().trim_start_matches(':').parse()?;
    println!("a key costs {bytes} bytes");
    ensure!(bytes <= 256, "{bytes}");
    // The history may be cut before the key is forgotten.
    redis::ask(&stack, PUBSUB, &format!("XTRIM {HISTORY} MAXLEN 0")).await?;
    for address in &replicas {
        let again = ada.try_say_once(address, "key", &text).await?;
        let again: Value = expect(again, 200).await?.json().await?;
        for field in ["id", "author", "player", "text"] {
            ensure!(again[field] == first[field], "{again} is not {first}");
        }
    }
    let length = redis::ask(&stack, PUBSUB, &format!("XLEN {HISTORY}")).await?;
    ensure!(length.trim() == ":0", "{length}");
    Ok(())
}

#[tokio::test]
async fn a_full_history_refuses_messages_and_says_so() -> anyhow::Result<()> {
    let (stack, replicas, ada) = two_replicas().await?;
    let before = ada.try_say_once(&replicas[0], "before", "before").await?;
    let before: Value = expect(before, 201).await?.json().await?;
    let limit = redis::ask(&stack, PUBSUB, "CONFIG GET maxmemory").await?;
    let limit = limit.lines().last().context("no limit")?.to_owned();
    redis::ask(&stack, PUBSUB, "CONFIG SET maxmemory 1").await?;
    for number in 0..6 {
        let address = &replicas[number % 2];
        let answer = ada.try_say_once(address, "after", "after").await?;
        ensure!(header(&answer, "retry-after")?.parse::<u64>()? >= 1);
        let told = refused(answer, 503).await?;
        ensure!(told.contains("the history is full"), "{told}");
        // What is there is told, and who tries again what was said learns that it was.
        let again = ada.try_say_once(address, "before", "before").await?;
        let again: Value = expect(again, 200).await?.json().await?;
        ensure!(again == before, "{again}");
        let told = ada.read_on(address, BEGINNING).await?;
        ensure!(told == [before.clone()], "{told:?}");
    }
    redis::ask(&stack, PUBSUB, &format!("CONFIG SET maxmemory {limit}")).await?;
    let after = ada.try_say_once(&replicas[1], "after", "after").await?;
    let after: Value = expect(after, 201).await?.json().await?;
    for address in &replicas {
        let told = tells(&ada, address, &after).await?;
        ensure!(told == [before.clone(), after.clone()], "{told:?}");
    }
    for replica in stack.replicas() {
        let log = replica.log().lines();
        let told = log.iter().filter(|line| line.contains("takes no messages"));
        // One line for the state, and not for each message.
        ensure!(told.count() == 1, "{}", log.join("\n"));
    }
    Ok(())
}

/// Nobody can be told anything then but what is at hand, and that is told.
#[tokio::test]
async fn without_redis_what_is_at_hand_is_told() -> anyhow::Result<()> {
    let (stack, replicas, ada) = two_replicas().await?;
    let mut said = Vec::new();
    for word in 0..3 {
        said.push(ada.say(&replicas[0], &format!("word {word}")).await?);
    }
    let known = ids(&said);
    tells(&ada, &replicas[1], &said[2]).await?;
    stack.server(PUBSUB)?.stop().await?;
    for address in &replicas {
        ensure!(ada.hear(address, None).await? == said);
        ensure!(ada.read_on(address, BEGINNING).await? == said);
        ensure!(ada.read_on(address, &known[1]).await? == said[2..]);
        let asked = ada.get(address, &format!("/api/messages?after={FUTURE}"));
        let answer = asked.send().await?;
        ensure!(header(&answer, "retry-after")?.parse::<u64>()? >= 1);
        let told = refused(answer, 503).await?;
        ensure!(told.contains("the history does not answer"), "{told}");
    }
    Ok(())
}

/// It knows nothing then, and does not claim that nothing was said.
#[tokio::test]
async fn a_replica_that_starts_without_redis_tells_nothing() -> anyhow::Result<()> {
    let builder = Stack::builder().without(PUBSUB);
    let stack = builder.scale("webserver", 2).start().await?;
    let replicas = addresses(&stack);
    let ada = Player::log_in(&replicas[0], "Ada").await?;
    for query in ["", "?after=0-0", "?after=1-0"] {
        let asked = ada.get(&replicas[0], &format!("/api/messages{query}"));
        refused(asked.send().await?, 503).await?;
    }
    stack.server(PUBSUB)?.start().await?;
    let (said, _) = ada.say_once(&replicas, "hello", "hello").await?;
    for address in &replicas {
        ensure!(tells(&ada, address, &said).await? == vec![said.clone()]);
    }
    stack.settle().await
}
