//! The Redis between the replicas is away, and comes back.

use std::{sync::Arc, time::Duration};

use acceptance::{
    answer::{expect, refused},
    chat::ids,
    player::Player,
    quiet, redis,
    repeat::Repeat,
};
use anyhow::{Context, ensure};
use nix::sys::signal::Signal;
use serde_json::Value;
use stack::{Stack, until};
use tokio::{sync::Mutex, time::Instant};

use super::{PUBSUB, addresses, tells};

/// How soon messages are passed on after Redis' return. It takes two seconds or three.
const RECOVERED_WITHIN: Duration = Duration::from_secs(15);

/// Tries until a message is taken, and gives it.
async fn speaks_again(player: &Player, address: &str, text: &str) -> anyhow::Result<Value> {
    until("the return of the messages", RECOVERED_WITHIN, async || {
        let answer = player.try_say(address, text).await;
        let answer = answer.map_err(|error| format!("{error:#}"))?;
        if answer.status() != 201 {
            return Err(format!("{}", answer.status()));
        }
        answer.json().await.map_err(|error| error.to_string())
    })
    .await
}

/// What a player is told who tries to say something now: that it was not sent.
async fn cannot_speak(player: &Player, address: &str) -> anyhow::Result<()> {
    let begun = Instant::now();
    let told = refused(player.try_say(address, "lost").await?, 503).await?;
    println!(
        "without pub/sub a message was refused after {:?}",
        begun.elapsed()
    );
    ensure!(told.contains("not sent"), "{told}");
    Ok(())
}

async fn what_works_without_pubsub(player: &Player, address: &str) -> anyhow::Result<()> {
    cannot_speak(player, address).await?;
    // What was said before is still told, and the player is still known.
    let told = player.hear(address, None).await?;
    ensure!(
        told.iter().all(|told| told["text"] == "before") && told.len() == 1,
        "{told:?}"
    );
    ensure!(player.known_as(address).await?.is_some());
    for path in ["/", "/health/live"] {
        expect(player.get(address, path).send().await?, 200).await?;
    }
    // A replica finds a silent Redis out within about two seconds.
    until("not being ready", RECOVERED_WITHIN, async || {
        let ready = player.get(address, "/health/ready").send().await;
        let ready = ready.map_err(|error| error.to_string())?;
        let status = ready.status();
        let text = ready.text().await.map_err(|error| error.to_string())?;
        if status == 503 && text.contains("messages cannot be passed on") {
            Ok(())
        } else {
            Err(format!("{status}: {text}"))
        }
    })
    .await
}

#[tokio::test]
async fn while_redis_is_gone_nothing_is_taken_that_would_be_lost() -> anyhow::Result<()> {
    let stack = Stack::builder().scale("webserver", 2).start().await?;
    let replicas = addresses(&stack);
    let ada = Player::log_in(&replicas[0], "Ada").await?;
    let before = ada.say(&replicas[0], "before").await?;
    for address in &replicas {
        tells(&ada, address, std::slice::from_ref(&before)).await?;
    }
    stack.server(PUBSUB)?.stop().await?;
    for address in &replicas {
        what_works_without_pubsub(&ada, address).await?;
    }
    stack.server(PUBSUB)?.start().await?;
    let after = speaks_again(&ada, &replicas[1], "after").await?;
    let said = [before, after];
    for address in &replicas {
        let told = tells(&ada, address, &said).await?;
        ensure!(told == said, "{told:?}");
    }
    stack.settle().await
}

/// A frozen Redis takes what it is sent, and says nothing. It may pass on later what nobody could confirm; whoever was
/// told "most likely not sent" was told the truth. So only what was confirmed is looked for.
#[tokio::test]
async fn a_redis_that_is_frozen_costs_no_more_than_one_that_is_gone() -> anyhow::Result<()> {
    let stack = Stack::builder().scale("webserver", 2).start().await?;
    let replicas = addresses(&stack);
    let ada = Player::log_in(&replicas[0], "Ada").await?;
    let before = ada.say(&replicas[0], "before").await?;
    for address in &replicas {
        tells(&ada, address, std::slice::from_ref(&before)).await?;
    }
    stack.server(PUBSUB)?.signal(Signal::SIGSTOP)?;
    for address in &replicas {
        what_works_without_pubsub(&ada, address).await?;
    }
    stack.server(PUBSUB)?.signal(Signal::SIGCONT)?;
    let after = speaks_again(&ada, &replicas[1], "after").await?;
    for address in &replicas {
        let told = tells(&ada, address, &[before.clone(), after.clone()]).await?;
        let lost = told.iter().filter(|told| told["text"] == "lost").count();
        ensure!(told.len() == 2 + lost, "{told:?}");
    }
    stack.settle().await
}

/// A client library that gives up after some tries would be silent for ever after this.
#[tokio::test]
async fn after_twelve_seconds_without_redis_all_are_subscribed_again() -> anyhow::Result<()> {
    let stack = Stack::builder().scale("webserver", 2).start().await?;
    let replicas = addresses(&stack);
    let ada = Player::log_in(&replicas[0], "Ada").await?;
    stack.server(PUBSUB)?.stop().await?;
    // The outage itself is what is tested, so this time has to pass.
    tokio::time::sleep(Duration::from_secs(12)).await;
    stack.server(PUBSUB)?.start().await?;
    for address in &replicas {
        let said = speaks_again(&ada, address, "hello again").await?;
        for address in &replicas {
            tells(&ada, address, std::slice::from_ref(&said)).await?;
        }
    }
    // A line for each state, and not for each try.
    for replica in stack.replicas() {
        let log = replica.log().lines();
        let told = log
            .iter()
            .filter(|line| line.contains("not subscribed"))
            .count();
        ensure!((1..=3).contains(&told), "{told} lines: {}", log.join("\n"));
        // And no line says the same words twice.
        let twice = log
            .iter()
            .find(|line| line.matches("Connection refused").count() > 1);
        ensure!(twice.is_none(), "{twice:?}");
    }
    Ok(())
}

/// Waits until every replica says that nothing is missing.
async fn all_are_ready(stack: &Stack) -> anyhow::Result<()> {
    for replica in stack.replicas() {
        replica.ready(stack.client()).await?;
    }
    Ok(())
}

/// Connections for commands that others have to this Redis. The one that asks is not counted, nor are subscriptions.
async fn connections(stack: &Stack) -> anyhow::Result<usize> {
    let told = redis::ask(stack, PUBSUB, "CLIENT LIST TYPE normal").await?;
    let others = told.lines().filter(|line| line.contains("cmd="));
    Ok(others.filter(|line| !line.contains("cmd=client")).count())
}

/// Whoever is told that a replica is ready can speak there: nobody's first message is the one that finds the connection
/// lost.
#[tokio::test]
async fn the_first_message_after_an_outage_is_said_on_each_replica() -> anyhow::Result<()> {
    let stack = Stack::builder().scale("webserver", 3).start().await?;
    let replicas = addresses(&stack);
    let ada = Player::log_in(&replicas[0], "Ada").await?;
    for address in &replicas {
        ada.say(address, "before").await?;
    }
    let connected = connections(&stack).await?;

    stack.server(PUBSUB)?.stop().await?;
    for address in &replicas {
        cannot_speak(&ada, address).await?;
    }
    stack.server(PUBSUB)?.start().await?;
    all_are_ready(&stack).await?;
    for address in &replicas {
        ada.say(address, "after a restart").await?;
    }

    // The subscriptions stay this time, so nothing tells a replica but its connection for commands itself.
    redis::ask(&stack, PUBSUB, "CLIENT KILL TYPE normal SKIPME yes").await?;
    until(
        "as many connections",
        RECOVERED_WITHIN,
        async || match connections(&stack).await {
            Ok(now) if now == connected => Ok(()),
            other => Err(format!("{other:?}, and not {connected}")),
        },
    )
    .await?;
    for address in &replicas {
        ada.say(address, "after a cut").await?;
    }
    Ok(())
}

/// Asks a replica again and again for what came after the last message that it told, as a browser does at this lesson,
/// and gives all that it told.
fn follow(player: &Player, address: &str) -> (Repeat<()>, Arc<Mutex<Vec<Value>>>) {
    let heard: Arc<Mutex<Vec<Value>>> = Arc::default();
    let (player, address, kept) = (player.clone(), address.to_owned(), Arc::clone(&heard));
    let following = Repeat::start(Duration::from_millis(100), move |_| {
        let (player, address, heard) = (player.clone(), address.clone(), Arc::clone(&kept));
        async move {
            let mut heard = heard.lock().await;
            let last = ids(&heard).pop();
            heard.extend(player.hear(&address, last.as_deref()).await?);
            Ok(())
        }
    });
    (following, heard)
}

#[tokio::test]
async fn a_restart_under_load_loses_nothing_that_was_acknowledged() -> anyhow::Result<()> {
    let builder = quiet().environment("MESSAGE_RATE", "1000");
    let stack = builder.scale("webserver", 3).start().await?;
    let (mut speaking, mut following) = (Vec::new(), Vec::new());
    for (number, address) in addresses(&stack).into_iter().enumerate() {
        let player = Player::log_in(&address, &format!("Player {number}")).await?;
        following.push(follow(&player, &address));
        // The message when it was taken; nothing when it was refused.
        speaking.push(Repeat::start(Duration::from_millis(100), move |word| {
            let (player, address) = (player.clone(), address.clone());
            async move {
                let answer = player.try_say(&address, &format!("word {word}")).await?;
                if answer.status() == 503 {
                    refused(answer, 503).await?;
                    return Ok(None);
                }
                let message: Value = expect(answer, 201).await?.json().await?;
                Ok(Some(message))
            }
        }));
    }
    for speaking in &mut speaking {
        speaking.gives(20, Option::is_some).await?;
    }
    stack.server(PUBSUB)?.stop().await?;
    for speaking in &mut speaking {
        speaking.gives(5, Option::is_none).await?;
    }
    stack.server(PUBSUB)?.start().await?;
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
    for (mut following, heard) in following {
        // Whoever looks once more after the last word knows all.
        following.gives(2, |()| true).await?;
        let missing = async || {
            let heard = ids(&heard.lock().await);
            let missing = ids(&acknowledged)
                .into_iter()
                .filter(|id| !heard.contains(id));
            missing.count()
        };
        until(
            "hearing all that was acknowledged",
            RECOVERED_WITHIN,
            async || match missing().await {
                0 => Ok(()),
                missing => Err(format!("{missing} of {} are missing", acknowledged.len())),
            },
        )
        .await
        .with_context(|| stack.logs())?;
        following.finish().await?;
    }
    Ok(())
}
