//! What was acknowledged is in the history, once and for everybody in the same order, whatever becomes of Redis.

mod trouble;

use std::{
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use acceptance::{
    answer::{expect, refused},
    chat::ids,
    history::BEGINNING,
    player::Player,
    quiet, redis,
    socket::Socket,
};
use anyhow::{Context, ensure};
use nix::sys::signal::Signal;
use serde_json::{Value, json};
use stack::{Stack, until};
use tokio::{sync::watch, task::JoinSet};

const PUBSUB: &str = "pubsub";
const HISTORY: &str = "goatscale:history";

/// A place that no clock has reached.
const FUTURE: &str = "9000000000000-0";

/// How soon everything works again. It takes a second or two.
const RECOVERED_WITHIN: Duration = Duration::from_secs(20);

fn addresses(stack: &Stack) -> Vec<String> {
    let all = stack.replicas();
    all.map(|replica| replica.address().to_owned()).collect()
}

/// Two replicas, their addresses, and a player.
async fn two_replicas() -> anyhow::Result<(Stack, Vec<String>, Player)> {
    let stack = Stack::builder().scale("webserver", 2).start().await?;
    let replicas = addresses(&stack);
    let ada = Player::log_in(&replicas[0], "Ada").await?;
    Ok((stack, replicas, ada))
}

/// Waits until a replica tells everything up to this message, and gives all that it tells to somebody who has heard nothing yet.
async fn tells(player: &Player, address: &str, last: &Value) -> anyhow::Result<Vec<Value>> {
    tells_after(player, address, BEGINNING, last).await
}

/// The same for somebody who has heard everything up to an id.
async fn tells_after(
    player: &Player,
    address: &str,
    after: &str,
    last: &Value,
) -> anyhow::Result<Vec<Value>> {
    until("telling the last message", RECOVERED_WITHIN, async || {
        let told = player.read_on(address, after).await;
        let told = told.map_err(|error| format!("{error:#}"))?;
        if told.last() == Some(last) {
            Ok(told)
        } else {
            Err(format!("{address} tells {:?} last", told.last()))
        }
    })
    .await
}

#[tokio::test]
async fn a_message_that_is_sent_again_is_said_once() -> anyhow::Result<()> {
    let (_stack, replicas, ada) = two_replicas().await?;
    let mut listener = Socket::open(&ada, &replicas[1]).await?;
    listener.frame("welcome").await?;
    let first = ada.try_say_once(&replicas[0], "key", "hello").await?;
    let first: Value = expect(first, 201).await?.json().await?;
    for address in [&replicas[1], &replicas[0]] {
        let again = ada.try_say_once(address, "key", "hello").await?;
        let again: Value = expect(again, 200).await?.json().await?;
        ensure!(again == first, "{again} is not {first}");
    }
    // The key of a message is the same over a socket, whichever replica it is on.
    for address in [&replicas[1], &replicas[0]] {
        let mut socket = Socket::open(&ada, address).await?;
        socket.send_as("key", "hello").await?;
        let sent = socket.answer("key").await?;
        let expected = json!({ "type": "sent", "ref": "key", "id": first["id"] });
        ensure!(sent == expected, "{sent}");
        // And another text under it is refused for good.
        socket.send_as("key", "goodbye").await?;
        let error = socket.answer("key").await?;
        let told = error["error"].as_str().unwrap_or_default();
        ensure!(told.contains("used for another message"), "{error}");
        ensure!(error["retry_after"].is_null(), "{error}");
    }
    let other = ada.try_say_once(&replicas[1], "key", "goodbye").await?;
    let told = refused(other, 422).await?;
    ensure!(told.contains("used for another message"), "{told}");
    // Somebody else's key is another one, though it looks the same.
    let bob = Player::log_in(&replicas[1], "Bob").await?;
    let bobs = bob.try_say_once(&replicas[1], "key", "hello").await?;
    let bobs: Value = expect(bobs, 201).await?.json().await?;
    // Without a key, each is a message of its own.
    let mut said = vec![first, bobs];
    for _ in 0..2 {
        said.push(ada.say(&replicas[0], "hello").await?);
    }
    for address in &replicas {
        ensure!(ada.read_on(address, BEGINNING).await? == said);
    }
    for said in &said {
        let heard = listener.message().await?;
        ensure!(&heard == said, "{heard} instead of {said}");
    }
    Ok(())
}

#[tokio::test]
async fn what_is_no_key_or_no_id_is_refused_with_what_is_accepted() -> anyhow::Result<()> {
    let mut stack = Stack::builder().start().await?;
    let address = stack.replica(0)?.address().to_owned();
    let ada = Player::log_in(&address, "Ada").await?;
    let long = "k".repeat(65);
    for key in ["", "a b", "a\tb", long.as_str()] {
        let answer = ada.try_say_once(&address, key, "hello").await?;
        let told = refused(answer, 422).await?;
        ensure!(told.contains("1 to 64 visible ASCII characters"), "{told}");
    }
    for id in [
        "",
        "1",
        "-",
        "1-",
        "-1",
        "1-2-3",
        "%2B1-0",
        "1-0%20",
        "1.0-0",
        "a-0",
        "18446744073709551616-0",
        "0199f4de-6b0c-7e3a-8f10-2b8f0d1c9a77",
        "1-0&after=2-0",
    ] {
        let asked = ada.get(&address, &format!("/api/messages?after={id}"));
        let told = refused(asked.send().await?, 422).await?;
        ensure!(told.contains("must be after=ID"), "{told}");
    }
    ensure!(ada.read_on(&address, BEGINNING).await?.is_empty());
    Ok(())
}

/// What happens to Redis while everybody speaks.
async fn break_redis(stack: &Stack) -> anyhow::Result<()> {
    let while_all_notice = Duration::from_secs(2);
    stack.server(PUBSUB)?.stop().await?;
    stack.server(PUBSUB)?.start().await?;
    stack.server(PUBSUB)?.kill().await?;
    // The outage itself is what is tested, so this time has to pass.
    tokio::time::sleep(while_all_notice).await;
    stack.server(PUBSUB)?.start().await?;
    stack.server(PUBSUB)?.signal(Signal::SIGSTOP)?;
    tokio::time::sleep(while_all_notice).await;
    stack.server(PUBSUB)?.signal(Signal::SIGCONT)?;
    Ok(())
}

#[tokio::test]
async fn whatever_becomes_of_redis_each_message_is_said_once() -> anyhow::Result<()> {
    let builder = quiet().environment("MESSAGE_RATE", "1000");
    let stack = builder.scale("webserver", 3).start().await?;
    let replicas = addresses(&stack);
    let listener = Player::log_in(&replicas[0], "Listener").await?;
    let first = listener.say(&replicas[0], "the first word").await?;
    let first = first["id"].as_str().context("no id")?;
    let mut speaking = JoinSet::new();
    let (stop, stopped) = watch::channel(false);
    let count = Arc::new(AtomicUsize::new(0));
    let (taken, spoken) = (Arc::clone(&count), || count.load(Ordering::Relaxed));
    for number in 0..6 {
        let mut own = replicas.clone();
        own.rotate_left(number % 3);
        let (stopped, taken) = (stopped.clone(), Arc::clone(&taken));
        speaking.spawn(async move {
            let player = Player::log_in(&own[0], &format!("Player {number}")).await?;
            let (mut said, mut failed) = (Vec::new(), 0);
            while !*stopped.borrow() {
                let text = format!("{number} says {}", said.len());
                let key = text.replace(' ', "-");
                let (message, tries) = player.say_once(&own, &key, &text).await?;
                taken.fetch_add(1, Ordering::Relaxed);
                ensure!(message["text"] == text.as_str(), "{message}");
                said.push(message);
                failed += tries;
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            Ok((said, failed))
        });
    }
    for _ in 0..3 {
        let before = spoken();
        until("words of everybody", RECOVERED_WITHIN, async || {
            let said = spoken() - before;
            (said >= 60)
                .then_some(())
                .ok_or_else(|| format!("{said} were said"))
        })
        .await
        .with_context(|| stack.logs())?;
        break_redis(&stack).await?;
    }
    stop.send(true)?;
    let (mut all, mut each, mut failed) = (Vec::new(), Vec::new(), 0);
    for spoken in speaking.join_all().await {
        let (said, tries) = spoken.with_context(|| stack.logs())?;
        all.extend(said.clone());
        each.push(said);
        failed += tries;
    }
    println!("{} said, {failed} tries failed", all.len());
    ensure!(failed > 0, "nobody noticed that Redis was gone");

    let (last, _) = listener
        .say_once(&replicas, "last", "the last word")
        .await?;
    all.push(last.clone());
    let order = tells_after(&listener, &replicas[0], first, &last).await?;
    let different: BTreeSet<String> = ids(&order).into_iter().collect();
    ensure!(different.len() == order.len(), "something was told twice");
    ensure!(
        order.len() == all.len(),
        "{} were told, {} were said",
        order.len(),
        all.len()
    );
    for message in &all {
        ensure!(order.contains(message), "{message} was never told");
    }
    for said in &each {
        let told = order.iter().filter(|told| said.contains(told));
        ensure!(told.eq(said.iter()), "{said:?} was told in another order");
    }
    for address in &replicas {
        ensure!(
            tells_after(&listener, address, first, &last).await? == order,
            "{address} differs"
        );
        for place in [0, order.len() / 2, order.len() - 2] {
            let id = &ids(&order)[place];
            ensure!(listener.read_on(address, id).await? == order[place + 1..]);
        }
    }
    Ok(())
}

/// What is asked for lies before what is kept, after it, or nowhere.
#[tokio::test]
async fn whoever_cannot_be_told_everything_is_told_so() -> anyhow::Result<()> {
    let (mut stack, replicas, ada) = two_replicas().await?;
    let mut said = Vec::new();
    for word in 0..10 {
        said.push(
            ada.say(&replicas[word % 2], &format!("word {word}"))
                .await?,
        );
    }
    let known = ids(&said);
    redis::ask(&stack, PUBSUB, &format!("XTRIM {HISTORY} MAXLEN 3")).await?;
    // A replica that was there has all of it at hand.
    ensure!(ada.read_on(&replicas[0], &known[0]).await? == said[1..]);
    // One that comes later has what is kept.
    let added = stack.add_replica("webserver").await?;
    let added = stack.replicas().find(|replica| replica.id() == added);
    let added = added
        .context("the new replica is gone")?
        .address()
        .to_owned();
    for id in [
        "1-0",
        &known[0],
        &known[5],
        FUTURE,
        "18446744073709551615-18446744073709551615",
    ] {
        let told = ada.resume(&added, id).await?;
        ensure!(told["gap"] == true, "after {id}: {told}");
        ensure!(told["messages"] == json!(said[7..]), "after {id}: {told}");
    }
    for (id, from) in [
        (BEGINNING, 7),
        (&known[7], 8),
        (&known[8], 9),
        (&known[9], 10),
    ] {
        let told = ada.resume(&added, id).await?;
        ensure!(told["gap"].is_null(), "after {id}: {told}");
        ensure!(
            told["messages"] == json!(said[from..]),
            "after {id}: {told}"
        );
    }
    // Whoever names no place is told the last messages.
    ensure!(ada.hear(&added, None).await? == said[7..]);
    ensure!(ada.hear(&replicas[0], None).await? == said);
    // A forged place is one for every replica.
    let told = ada.resume(&replicas[0], FUTURE).await?;
    ensure!(told["gap"] == true, "{told}");
    ensure!(told["messages"] == json!(said), "{told}");
    Ok(())
}

/// A replica has the last part of a long history at hand, and whoever was away for longer than that is told so, and the
/// last words. To read for each of them what Redis keeps would be megabytes for a request of some bytes.
#[tokio::test]
async fn of_a_long_history_the_last_part_is_told() -> anyhow::Result<()> {
    let (mut stack, replicas, ada) = two_replicas().await?;
    let first = ada.say(&replicas[0], "the first word").await?;
    let first = first["id"].as_str().context("no id")?;
    let message = r#"{"author":"Bob","player":"0123456789abcdef","text":"word","sent_at":"2026-11-24T05:22:51.123Z","replica":"webserver-9"}"#;
    let script = format!(
        r#"EVAL "for n = 1, 2500 do redis.call('XADD', KEYS[1], '*', 'message', ARGV[1]) end" 1 {HISTORY} '{message}'"#
    );
    redis::ask(&stack, PUBSUB, &script).await?;
    let last = ada.say(&replicas[0], "the last word").await?;
    let added = stack.add_replica("webserver").await?;
    let added = stack.replicas().find(|replica| replica.id() == added);
    let added = added
        .context("the new replica is gone")?
        .address()
        .to_owned();
    let told = ada.read_on(&added, BEGINNING).await?;
    ensure!(told.len() == 300, "{} were told", told.len());
    ensure!(told.last() == Some(&last));
    ensure!(ada.hear(&added, None).await? == told[100..]);
    let entries = format!("XREVRANGE {HISTORY} + - COUNT 1600");
    let entries = redis::ask(&stack, PUBSUB, &entries).await?;
    let is_id =
        |line: &&str| line.contains('-') && line.chars().all(|c| c.is_ascii_digit() || c == '-');
    let ids: Vec<&str> = entries.lines().map(str::trim).filter(is_id).collect();
    ensure!(ids.len() == 1600, "{} ids", ids.len());
    for place in [1, 299, 300, 301, 1599] {
        let page = ada.resume(&added, ids[place]).await?;
        ensure!(page["gap"].is_null(), "after {place}: {page}");
        let rest = ada.read_on(&added, ids[place]).await?;
        ensure!(rest.len() == place, "after {place}: {}", rest.len());
        ensure!(rest.last() == Some(&last));
    }
    // It is longer ago than what the replica has at hand.
    let page = ada.resume(&added, first).await?;
    ensure!(page["gap"] == true && page["messages"] == json!(told[..200]));
    let mut socket = Socket::open_at(&ada, &added, &format!("/ws?after={first}")).await?;
    let gap = socket.frame("gap").await?;
    let expected = json!({ "type": "gap", "after": first, "first": told[0]["id"] });
    ensure!(gap == expected, "{gap}");
    for told in told {
        ensure!(socket.message().await? == told);
    }
    Ok(())
}
