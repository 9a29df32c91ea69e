//! A player who comes back is told what they missed, and nothing twice.

use std::{collections::BTreeSet, time::Duration};

use acceptance::{
    answer::refused,
    chat::ids,
    player::Player,
    probes, quiet,
    redis::ask,
    repeat::Repeat,
    socket::{Socket, upgrade},
};
use anyhow::{Context, ensure};
use serde_json::{Value, json};
use stack::Stack;

/// Two replicas, and a player who is known to both.
async fn two_replicas() -> anyhow::Result<(Stack, Vec<String>, Player)> {
    // One player says more here, and opens more sockets, than anybody else may.
    let builder = quiet()
        .environment("MESSAGE_RATE", "1000")
        .environment("SOCKETS_PER_SESSION", "1000");
    let stack = builder.scale("webserver", 2).start().await?;
    let addresses: Vec<String> = stack
        .replicas()
        .map(|replica| replica.address().to_owned())
        .collect();
    let ada = Player::log_in(&addresses[0], "Ada").await?;
    Ok((stack, addresses, ada))
}

async fn open_after(player: &Player, address: &str, after: &str) -> anyhow::Result<Socket> {
    let mut socket = Socket::open_at(player, address, &format!("/ws?after={after}")).await?;
    socket.frame("welcome").await?;
    Ok(socket)
}

fn id(message: &Value) -> anyhow::Result<String> {
    let id = message["id"].as_str().context("a message without an id")?;
    Ok(id.to_owned())
}

/// The two numbers of an id, by which messages are in order.
fn place(id: &str) -> Option<(u64, u64)> {
    let (ms, number) = id.split_once('-')?;
    Some((ms.parse().ok()?, number.parse().ok()?))
}

/// The problem of lesson 6 is solved.
#[tokio::test]
async fn what_was_missed_is_told() -> anyhow::Result<()> {
    probes::missed_while_away().await
}

/// Somebody talks all the time, and somebody else comes back again and again in the middle of it, to one replica and to the
/// other. At none of these seams may a message be missing or come twice.
#[tokio::test]
async fn no_seam_has_a_hole_or_a_double() -> anyhow::Result<()> {
    let (_stack, addresses, ada) = two_replicas().await?;
    let mut heard: Vec<String> = Vec::new();
    let mut socket = open_after(&ada, &addresses[0], "0-0").await?;
    let mut speaking = Vec::new();
    for address in &addresses {
        let address = address.clone();
        let bob = Player::log_in(&address, "Bob").await?;
        speaking.push(Repeat::start(Duration::from_millis(3), move |word| {
            let (bob, address) = (bob.clone(), address.clone());
            async move { id(&bob.say(&address, &format!("word {word}")).await?) }
        }));
    }
    let mut said = BTreeSet::new();
    for turn in 0..100 {
        let last = heard.last().map_or("0-0", String::as_str);
        socket = open_after(&ada, &addresses[turn % 2], last).await?;
        // This is said when the socket is there, so it comes live, and all before it was missed: between them is the seam.
        let text = format!("live {turn}");
        let live = id(&ada.say(&addresses[turn / 2 % 2], &text).await?)?;
        while heard.last() != Some(&live) {
            let next = id(&socket.message().await?)?;
            ensure!(place(&next) <= place(&live), "{live} was never told");
            heard.push(next);
        }
        said.insert(live);
    }
    for speaking in speaking {
        said.extend(speaking.finish().await?);
    }
    while heard.len() < said.len() {
        heard.push(id(&socket.message().await?)?);
    }
    let told = ada.post(
        &addresses[0],
        "/api/messages",
        &json!({ "text": "the end" }),
    );
    told.send().await?.error_for_status()?;
    ensure!(
        socket.message().await?["text"] == "the end",
        "more was told than was said"
    );
    let different: BTreeSet<_> = heard.iter().cloned().collect();
    ensure!(
        different == said,
        "something was told twice, and something else never"
    );
    // The order is that of the history, page by page.
    let mut kept = vec![heard[0].clone()];
    while kept.len() < heard.len() {
        let page = ids(&ada
            .hear(&addresses[1], kept.last().map(String::as_str))
            .await?);
        ensure!(!page.is_empty(), "the history ends at {:?}", kept.last());
        kept.extend(page);
    }
    kept.truncate(heard.len());
    ensure!(kept == heard, "the order was another");
    Ok(())
}

#[tokio::test]
async fn a_replica_that_loses_its_subscription_loses_nothing() -> anyhow::Result<()> {
    let (stack, addresses, ada) = two_replicas().await?;
    let mut sockets = Vec::new();
    for address in &addresses {
        let mut socket = Socket::open(&ada, address).await?;
        socket.frame("welcome").await?;
        sockets.push(socket);
    }
    let speaking = {
        let (bob, address) = (
            Player::log_in(&addresses[0], "Bob").await?,
            addresses[0].clone(),
        );
        Repeat::start(Duration::from_millis(5), move |word| {
            let (bob, address) = (bob.clone(), address.clone());
            async move { id(&bob.say(&address, &format!("word {word}")).await?) }
        })
    };
    for _ in 0..5 {
        for socket in &mut sockets {
            socket.message().await?;
        }
        ask(&stack, "pubsub", "CLIENT KILL TYPE pubsub").await?;
    }
    let said = speaking.finish().await?;
    for socket in &mut sockets {
        // Five were taken out above.
        for said in &said[5..] {
            let told = id(&socket.message().await?)?;
            ensure!(told == *said, "{told} was told where {said} was next");
        }
    }
    Ok(())
}

#[tokio::test]
async fn whoever_was_away_too_long_is_told_so() -> anyhow::Result<()> {
    let (stack, addresses, ada) = two_replicas().await?;
    let mut ids = Vec::new();
    for word in 0..20 {
        ids.push(id(&ada
            .say(&addresses[0], &format!("word {word}"))
            .await?)?);
    }
    // The replica that is started now knows nothing older.
    ask(&stack, "pubsub", "XTRIM goatscale:history MAXLEN 5").await?;
    let mut stack = stack;
    stack.add_replica("webserver").await?;
    let third = stack.replica(2)?.address().to_owned();

    let mut socket = open_after(&ada, &third, &ids[3]).await?;
    let gap = socket.frame("gap").await?;
    ensure!(
        gap == json!({"type": "gap", "after": ids[3], "first": ids[15]}),
        "{gap}"
    );
    for id_kept in &ids[15..] {
        ensure!(id(&socket.message().await?)? == *id_kept);
    }
    let later = socket.say("later").await?;
    ensure!(id(&socket.message().await?)? == later);

    // An id that the history cannot have is no reason to tell nothing.
    let mut socket = open_after(&ada, &third, "99999999999999-0").await?;
    let gap = socket.frame("gap").await?;
    ensure!(gap["first"] == ids[15].as_str(), "{gap}");
    ensure!(id(&socket.message().await?)? == ids[15]);
    Ok(())
}

#[tokio::test]
async fn what_is_no_id_is_refused_before_there_is_a_socket() -> anyhow::Result<()> {
    let (_stack, addresses, ada) = two_replicas().await?;
    for forged in [
        "",
        "x",
        "1",
        "1-",
        "-1",
        "1-1-1",
        "18446744073709551616-0",
        "1-0%00",
    ] {
        let path = format!("/ws?after={forged}");
        let asked = ada
            .get(&addresses[0], &path)
            .header("connection", "Upgrade")
            .header("upgrade", "websocket")
            .header("sec-websocket-version", "13")
            .header("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==");
        let told = refused(asked.send().await?, 422).await?;
        ensure!(told.contains("after="), "{forged}: {told}");
    }
    let plain = upgrade(&ada, &addresses[0]).send().await?;
    ensure!(plain.status() == 101);
    Ok(())
}

/// Redis loses everything, which it must not. Nobody is left believing that nothing was missed.
#[tokio::test]
async fn a_history_that_is_lost_is_told_of() -> anyhow::Result<()> {
    let (stack, addresses, ada) = two_replicas().await?;
    let last = id(&ada.say(&addresses[0], "before").await?)?;
    let mut socket = open_after(&ada, &addresses[1], "0-0").await?;
    ensure!(id(&socket.message().await?)? == last);
    ask(&stack, "pubsub", "DEL goatscale:history").await?;
    ask(&stack, "pubsub", "CLIENT KILL TYPE pubsub").await?;
    ensure!(socket.closed().await? == 4003);
    let mut socket = open_after(&ada, &addresses[1], &last).await?;
    let gap = socket.frame("gap").await?;
    ensure!(
        gap == json!({"type": "gap", "after": last, "first": null}),
        "{gap}"
    );
    let later = socket.say("after").await?;
    ensure!(id(&socket.message().await?)? == later);
    Ok(())
}
