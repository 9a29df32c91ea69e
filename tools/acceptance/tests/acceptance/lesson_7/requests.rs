//! Requests do not fail: not when a replica is killed, not when it hangs, not when all of them are replaced.

use std::{collections::BTreeMap, time::Duration};

use acceptance::{
    answer::header, chat::ids, player::Player, quiet, repeat::Repeat, socket::Socket,
};
use anyhow::{Context, bail, ensure};
use nix::sys::signal::Signal;
use reqwest::StatusCode;
use serde_json::{Value, json};
use stack::{Load, Replica, Stack, Tally, until};

const HOST: &str = "webserver.localhost";

fn nothing_failed(tally: &Tally, stack: &Stack) -> anyhow::Result<()> {
    println!("{} answered, {} failed", tally.total(), tally.failed);
    ensure!(tally.failed == 0, "{tally:#?}\n{}", stack.logs());
    Ok(())
}

/// Waits until Consul has taken a replica out of what is routed.
async fn is_out(stack: &Stack, id: &str) -> anyhow::Result<()> {
    until(
        "the health check's verdict",
        Duration::from_secs(20),
        async || {
            let passing = stack.passing("webserver").await;
            let passing = passing.map_err(|error| format!("{error:#}"))?;
            if passing.contains(id) {
                Err(format!("{passing:?} pass"))
            } else {
                Ok(())
            }
        },
    )
    .await
}

/// The gap of lesson 2 is closed: until a check has failed, Traefik asks the next replica.
#[tokio::test]
async fn sigkill_under_load_loses_no_request() -> anyhow::Result<()> {
    let mut stack = quiet().scale("webserver", 3).start().await?;
    let load = Load::start(&stack.address(), HOST);
    // One of three, and then one of two, which is the harder case: every other try goes to the dead one.
    for _ in 0..2 {
        load.answered(500).await?;
        let mut killed = stack.take_replica(0)?;
        killed.kill().await?;
        is_out(&stack, killed.id()).await?;
    }
    load.answered(500).await?;
    nothing_failed(&load.finish().await, &stack)
}

#[tokio::test]
async fn a_replica_that_hangs_under_load_loses_no_request() -> anyhow::Result<()> {
    let stack = quiet().scale("webserver", 3).start().await?;
    let load = Load::start(&stack.address(), HOST);
    load.answered(500).await?;
    let hung = stack.replicas().next().context("no replica runs")?;
    hung.signal(Signal::SIGSTOP)?;
    let out = is_out(&stack, hung.id()).await;
    let answered = load.answered(1_000).await;
    let tally = load.finish().await;
    hung.signal(Signal::SIGCONT)?;
    out?;
    answered?;
    nothing_failed(&tally, &stack)
}

#[tokio::test]
async fn a_rolling_deploy_under_load_loses_no_request() -> anyhow::Result<()> {
    let mut stack = quiet().scale("webserver", 3).start().await?;
    let old: Vec<String> = stack
        .replicas()
        .map(|replica| replica.id().to_owned())
        .collect();
    let load = Load::start(&stack.address(), HOST);
    load.answered(500).await?;
    let new = stack.roll("webserver").await?;
    let before = load.tally();
    load.answered(500).await?;
    let tally = load.finish().await;
    nothing_failed(&tally, &stack)?;
    let running: Vec<&str> = stack.replicas().map(Replica::id).collect();
    ensure!(
        running == new && new.len() == old.len(),
        "{running:?}, new {new:?}"
    );
    ensure!(stack.registered("webserver").await? == new);
    for id in &old {
        ensure!(
            before.answered[id] == tally.answered[id],
            "{id} still answers: {tally:?}"
        );
    }
    for id in &new {
        ensure!(
            tally.answered.contains_key(id),
            "{id} never answered: {tally:?}"
        );
    }
    Ok(())
}

/// Says something under a key, again and again until it is acknowledged, as a client has to. Gives the message's id,
/// and how often it was sent.
async fn say_until_heard(
    player: &Player,
    address: &str,
    text: &str,
) -> anyhow::Result<(String, usize)> {
    // Texts differ here, so each makes a key of its own.
    let key = text.replace(' ', "-");
    for times in 1..=20 {
        let message = player.post(address, "/api/messages", &json!({ "text": text }));
        // Without an answer nobody knows whether it was said.
        let Ok(answer) = message.header("idempotency-key", &key).send().await else {
            continue;
        };
        match answer.status() {
            StatusCode::CREATED | StatusCode::OK => {
                let message: Value = answer.json().await?;
                let id = message["id"].as_str().context("the message has no id")?;
                return Ok((id.to_owned(), times));
            }
            status if status.is_server_error() => {}
            status => bail!("{status}: {}", answer.text().await?),
        }
    }
    bail!("{text} was not acknowledged in 20 times")
}

/// Everything that is told at `address`, in its order: one answer holds no more than 200.
async fn told(player: &Player, address: &str) -> anyhow::Result<Vec<Value>> {
    let mut told = player.hear(address, Some("0-0")).await?;
    loop {
        let last = ids(&told).pop().unwrap_or("0-0".to_owned());
        let more = player.hear(address, Some(&last)).await?;
        if more.is_empty() {
            return Ok(told);
        }
        told.extend(more);
    }
}

#[tokio::test]
async fn messages_that_are_sent_again_through_a_kill_are_said_once() -> anyhow::Result<()> {
    let builder = quiet().environment("MESSAGE_RATE", "1000");
    let mut stack = builder.scale("webserver", 3).start().await?;
    let mut speaking = Vec::new();
    for name in ["Ada", "Bob", "Cyd"] {
        let (player, address) = (
            Player::log_in(&stack.address(), name).await?,
            stack.address(),
        );
        speaking.push(Repeat::start(Duration::from_millis(20), move |word| {
            let (player, address) = (player.clone(), address.clone());
            async move {
                let text = format!("{} {word}", player.name());
                let (id, times) = say_until_heard(&player, &address, &text).await?;
                Ok((text, id, times))
            }
        }));
    }
    for speaking in &mut speaking {
        speaking.gives(10, |_| true).await?;
    }
    let mut killed = stack.take_replica(0)?;
    killed.kill().await?;
    for speaking in &mut speaking {
        speaking.gives(20, |_| true).await?;
    }
    let (mut said, mut again) = (BTreeMap::new(), 0);
    for speaking in speaking {
        for (text, id, times) in speaking.finish().await? {
            again += times - 1;
            said.insert(text, id);
        }
    }
    println!("{} said, {again} of them sent again", said.len());
    let listener = Player::log_in(&stack.address(), "Eve").await?;
    let mut acknowledged: Vec<String> = said.into_values().collect();
    acknowledged.sort_by_key(|id| place(id));
    for replica in stack.replicas() {
        until("every message, once", Duration::from_secs(10), async || {
            let told = told(&listener, replica.address()).await;
            let told = ids(&told.map_err(|error| format!("{error:#}"))?);
            if told == acknowledged {
                Ok(())
            } else {
                let (told, all) = (told.len(), acknowledged.len());
                Err(format!("{} tells {told}, and not the {all}", replica.id()))
            }
        })
        .await?;
    }
    Ok(())
}

/// An id such as 1764000000000-0 as something that can be ordered.
fn place(id: &str) -> Vec<u64> {
    id.split('-').filter_map(|part| part.parse().ok()).collect()
}

/// Traefik must not repeat a POST that may have reached a replica, so the client does. Whether the replica that hung
/// still says it, when it goes on, makes no difference.
#[tokio::test]
async fn a_message_whose_replica_hangs_is_sent_again_and_said_once() -> anyhow::Result<()> {
    let stack = quiet().scale("webserver", 2).start().await?;
    let (traefik, player) = (
        stack.address(),
        Player::log_in(&stack.address(), "Ada").await?,
    );
    let hung = stack.replicas().next().context("no replica runs")?;
    hung.signal(Signal::SIGSTOP)?;
    // Replicas take turns, so one of two messages is for the one that hangs.
    let one = say_until_heard(&player, &traefik, "one").await;
    let two = say_until_heard(&player, &traefik, "two").await;
    hung.signal(Signal::SIGCONT)?;
    let ((_, one), (_, two)) = (one?, two?);
    ensure!(one + two > 2, "no message was for the replica that hung");
    until("its being ready", Duration::from_secs(20), async || {
        hung.ready(stack.client())
            .await
            .map_err(|error| format!("{error:#}"))
    })
    .await?;
    // What it had still to do came before this.
    say_until_heard(&player, hung.address(), "three").await?;
    for replica in stack.replicas() {
        until("all three, once", Duration::from_secs(10), async || {
            let told = told(&player, replica.address()).await;
            let told = told.map_err(|error| format!("{error:#}"))?;
            let mut texts: Vec<&str> = told
                .iter()
                .filter_map(|told| told["text"].as_str())
                .collect();
            texts.sort_unstable();
            if texts == ["one", "three", "two"] {
                Ok(())
            } else {
                Err(format!("{} tells {texts:?}", replica.id()))
            }
        })
        .await?;
    }
    Ok(())
}

/// What Traefik and the replicas know stays true, so nobody has to ask Consul.
#[tokio::test]
async fn a_consul_that_hangs_costs_no_request() -> anyhow::Result<()> {
    let mut stack = quiet().scale("webserver", 2).start().await?;
    let load = Load::start(&stack.address(), HOST);
    load.answered(200).await?;
    stack.server("consul")?.signal(Signal::SIGSTOP)?;
    let noticed = async {
        for replica in stack.replicas() {
            let log = replica.log();
            log.find(|line| line.contains("Consul did not answer").then_some(()))
                .await;
        }
        load.answered(400).await
    };
    let noticed = tokio::time::timeout(Duration::from_secs(20), noticed).await;
    stack.server("consul")?.signal(Signal::SIGCONT)?;
    noticed.context("no replica has noticed")??;
    stack.add_replica("webserver").await?;
    load.answered(400).await?;
    nothing_failed(&load.finish().await, &stack)
}

/// A replica's own 503 is an answer. Traefik neither repeats the request nor takes the replica for dead, and so
/// what does not need the sessions goes on.
#[tokio::test]
async fn a_503_says_when_to_come_back_and_takes_no_replica_out() -> anyhow::Result<()> {
    let stack = quiet().scale("webserver", 2).start().await?;
    let (traefik, player) = (
        stack.address(),
        Player::log_in(&stack.address(), "Ada").await?,
    );
    let load = Load::start(&traefik, HOST);
    stack.server("sessions")?.stop().await?;
    for _ in 0..6 {
        let answer = player.get(&traefik, "/api/me").send().await?;
        ensure!(answer.status() == 503, "{}", answer.status());
        ensure!(header(&answer, "retry-after")? == "1");
        ensure!(answer.json::<Value>().await?["status"] == 503);
    }
    load.answered(200).await?;
    let tally = load.finish().await;
    nothing_failed(&tally, &stack)?;
    ensure!(tally.answered.len() == 2, "{tally:?}");
    Ok(())
}

/// Traefik waits two seconds for the head of an answer, and not for what comes after that.
#[tokio::test]
async fn a_socket_may_be_silent_for_longer_than_an_answer_may_take() -> anyhow::Result<()> {
    let stack = Stack::builder().start().await?;
    let ada = Player::log_in(&stack.address(), "Ada").await?;
    let mut socket = Socket::open(&ada, &stack.address()).await?;
    socket.frame("welcome").await?;
    // The silence is what is tested, so this time has to pass.
    tokio::time::sleep(Duration::from_secs(3)).await;
    socket.say("still here").await?;
    socket.messages_up_to("still here").await.map(drop)
}
