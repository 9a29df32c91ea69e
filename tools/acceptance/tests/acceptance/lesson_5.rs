//! What one replica takes, all of them tell, in the same order, through one Redis.

mod limits;
mod outages;

use std::{collections::BTreeSet, time::Duration};

use acceptance::{
    answer::{expect, header, refused},
    chat::ids,
    player::Player,
    probes, redis,
};
use anyhow::ensure;
use serde_json::Value;
use stack::{Stack, until};
use tokio::task::JoinSet;

const PUBSUB: &str = "pubsub";
const CHANNEL: &str = "goatscale:messages";

/// How soon a message is known everywhere. It takes milliseconds, on a machine that is not busy.
const KNOWN_WITHIN: Duration = Duration::from_secs(10);

/// The problem of lesson 4 is solved.
#[tokio::test]
async fn a_message_is_known_to_every_replica() -> anyhow::Result<()> {
    probes::message_known_everywhere().await
}

fn addresses(stack: &Stack) -> Vec<String> {
    let all = stack.replicas();
    all.map(|replica| replica.address().to_owned()).collect()
}

/// Waits until a replica tells all of these messages, and gives all that it tells.
async fn tells(player: &Player, address: &str, said: &[Value]) -> anyhow::Result<Vec<Value>> {
    until("telling every message", KNOWN_WITHIN, async || {
        let told = player.hear(address, None).await;
        let told = told.map_err(|error| format!("{error:#}"))?;
        let missing = said.iter().filter(|message| !told.contains(message));
        match missing.count() {
            0 => Ok(told),
            missing => Err(format!(
                "{missing} of {} are missing at {address}",
                said.len()
            )),
        }
    })
    .await
}

/// However many players a replica has, Redis writes a message to it once.
#[tokio::test]
async fn each_replica_has_one_subscription() -> anyhow::Result<()> {
    let mut stack = Stack::builder().scale("webserver", 3).start().await?;
    let subscriptions = async |stack: &Stack, expected: usize| {
        until("the number of subscriptions", KNOWN_WITHIN, async || {
            let told = redis::ask(stack, PUBSUB, &format!("PUBSUB NUMSUB {CHANNEL}")).await;
            let told = told.map_err(|error| format!("{error:#}"))?;
            if told.trim_end().ends_with(&format!(":{expected}")) {
                Ok(())
            } else {
                Err(told)
            }
        })
        .await
    };
    subscriptions(&stack, 3).await?;
    for address in addresses(&stack) {
        for name in ["Ada", "Bob"] {
            let player = Player::log_in(&address, name).await?;
            player.say(&address, "hello").await?;
        }
    }
    subscriptions(&stack, 3).await?;
    stack.take_replica(0)?.stop().await?;
    subscriptions(&stack, 2).await
}

#[tokio::test]
async fn all_replicas_tell_the_same_in_the_same_order() -> anyhow::Result<()> {
    let stack = Stack::builder().scale("webserver", 3).start().await?;
    let replicas = addresses(&stack);
    // Six players at once, two at each replica. Each says as much as is allowed at once.
    let mut speaking = JoinSet::new();
    for number in 0..6 {
        let address = replicas[number % 3].clone();
        speaking.spawn(async move {
            let player = Player::log_in(&address, &format!("Player {number}")).await?;
            let mut said = Vec::new();
            for word in 0..10 {
                said.push(
                    player
                        .say(&address, &format!("{number} says {word}"))
                        .await?,
                );
            }
            anyhow::Ok(said)
        });
    }
    let mut said = Vec::new();
    for spoken in speaking.join_all().await {
        said.push(spoken?);
    }
    let all = said.concat();
    let different: BTreeSet<String> = ids(&all).into_iter().collect();
    ensure!(
        different.len() == 60,
        "{} ids for 60 messages",
        different.len()
    );

    let listener = Player::log_in(&replicas[0], "Listener").await?;
    let order = tells(&listener, &replicas[0], &all).await?;
    ensure!(order.len() == 60, "{} were told", order.len());
    for address in &replicas {
        ensure!(
            tells(&listener, address, &all).await? == order,
            "another order at {address}"
        );
        for place in [0, 20, 58, 59] {
            let id = &ids(&order)[place];
            let after = listener.hear(address, Some(id)).await?;
            ensure!(after == order[place + 1..], "after {place}: {after:?}");
        }
    }
    // Whatever the order of all, nobody is heard saying the second word before the first.
    for said in said {
        ensure!(ids(&said).is_sorted(), "{said:?}");
        let told = order.iter().filter(|told| said.contains(told));
        ensure!(told.eq(said.iter()), "{said:?} was told in another order");
    }
    Ok(())
}

#[tokio::test]
async fn a_player_who_says_too_much_is_held_back_and_nobody_else() -> anyhow::Result<()> {
    let mut stack = Stack::builder().start().await?;
    let address = stack.replica(0)?.address().to_owned();
    let ada = Player::log_in(&address, "Ada").await?;
    let mut said = Vec::new();
    let held_back = loop {
        let answer = ada.try_say(&address, "hello").await?;
        if answer.status() == 429 {
            break answer;
        }
        said.push(expect(answer, 201).await?.json::<Value>().await?);
        ensure!(said.len() < 1_000, "she may say as much as she likes");
    };
    // Ten at once, and five a second.
    ensure!(said.len() >= 10, "held back after {}", said.len());
    let seconds: u64 = header(&held_back, "retry-after")?.parse()?;
    ensure!((1..=2).contains(&seconds), "retry after {seconds} s");
    refused(held_back, 429).await?;
    // Not even another player of the same name, for it is another session.
    Player::log_in(&address, "Ada")
        .await?
        .say(&address, "hello")
        .await?;
    // The time that was promised is what is tested.
    tokio::time::sleep(Duration::from_secs(seconds)).await;
    said.push(ada.say(&address, "hello again").await?);
    // What was held back was not said.
    let told = tells(&ada, &address, &said).await?;
    ensure!(
        told.len() == said.len() + 1,
        "{} told, {} said",
        told.len(),
        said.len()
    );
    Ok(())
}

#[tokio::test]
async fn what_is_no_message_is_left_out_and_logged() -> anyhow::Result<()> {
    let mut stack = Stack::builder().scale("webserver", 2).start().await?;
    let replicas = addresses(&stack);
    let ada = Player::log_in(&replicas[0], "Ada").await?;
    let garbage = [
        "garbage",
        "{}",
        "null",
        "[]",
        r#""\xff\xfe""#,
        r#"'{"id":"7","author":"Eve"}'"#,
    ];
    for payload in garbage {
        redis::ask(&stack, PUBSUB, &format!("PUBLISH {CHANNEL} {payload}")).await?;
    }
    let said = [ada.say(&replicas[0], "Did you hear that?").await?];
    for address in &replicas {
        let told = tells(&ada, address, &said).await?;
        ensure!(told == said, "{told:?}");
    }
    for replica in stack.replicas() {
        let log = replica.log().lines();
        let told = log
            .iter()
            .filter(|line| line.contains("is no message"))
            .count();
        ensure!(
            told == garbage.len(),
            "{told} of {}: {}",
            garbage.len(),
            log.join("\n")
        );
        replica.ready(stack.client()).await?;
    }
    // // A replica that comes later has not heard anything yet, and knows the messages from then on. // lessons 5 to 6 only
    // A replica that comes later reads what was said before. // lesson 7
    let added = stack.add_replica("webserver").await?;
    let added = stack.replicas().find(|replica| replica.id() == added);
    // let said = [ada.say(&replicas[0], "Now?").await?]; // lessons 5 to 6 only
    let said = [said[0].clone(), ada.say(&replicas[0], "Now?").await?]; // lesson 7
    if let Some(added) = added {
        let told = tells(&ada, added.address(), &said).await?;
        ensure!(told == said, "{told:?}");
    }
    Ok(())
}
