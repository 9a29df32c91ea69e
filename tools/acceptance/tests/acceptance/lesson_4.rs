//! Sessions are kept in a Redis that all replicas ask, and a replica without it says so and goes on.

mod outages;
mod secrets;
mod too_many;
mod viewer;

use std::time::Duration;

use acceptance::{
    answer::{expect, header, refused},
    chat::ids,
    player::{Player, cookie_of},
    probes, redis,
};
use anyhow::{Context, ensure};
use serde_json::json;
use stack::{Stack, until};

const SESSIONS: &str = "sessions";

/// How soon all is well after Redis' return. It takes about a second.
const RECOVERED_WITHIN: Duration = Duration::from_secs(10);

/// The problem of lesson 3 is solved.
#[tokio::test]
async fn a_login_is_remembered_by_every_replica() -> anyhow::Result<()> {
    probes::login_remembered().await
}

fn addresses(stack: &Stack) -> Vec<String> {
    let all = stack.replicas();
    all.map(|replica| replica.address().to_owned()).collect()
}

#[tokio::test]
async fn a_restart_of_redis_logs_nobody_out() -> anyhow::Result<()> {
    let stack = Stack::builder().scale("webserver", 2).start().await?;
    let replicas = addresses(&stack);
    let ada = Player::log_in(&replicas[0], "Ada").await?;
    stack.server(SESSIONS)?.stop().await?;
    stack.server(SESSIONS)?.start().await?;
    for address in &replicas {
        comes_back(&ada, address).await?;
    }
    Ok(())
}

/// Waits until a replica knows a player again, who must be the right one, and calls itself ready.
async fn comes_back(player: &Player, address: &str) -> anyhow::Result<()> {
    let name = until("the session store's return", RECOVERED_WITHIN, async || {
        let ready = player.get(address, "/health/ready").send().await;
        let ready = ready.map_err(|error| error.to_string())?.status();
        if ready != 200 {
            return Err(format!("ready answers {ready}"));
        }
        player
            .known_as(address)
            .await
            .map_err(|error| format!("{error:#}"))
    })
    .await?;
    ensure!(name.as_deref() == Some(player.name()), "it is {name:?}");
    Ok(())
}

#[tokio::test]
async fn a_session_that_is_used_is_read_and_not_written_each_time() -> anyhow::Result<()> {
    let mut stack = Stack::builder().start().await?;
    let address = stack.replica(0)?.address().to_owned();
    let ada = Player::log_in(&address, "Ada").await?;
    let calls = async |command: &str| {
        redis::count(
            &stack,
            SESSIONS,
            "commandstats",
            &format!("cmdstat_{command}:calls="),
        )
        .await
    };
    let (reads, writes) = (calls("get").await?, calls("set").await?);
    ensure!(
        writes > 0,
        "the login was written by another command than SET"
    );
    for _ in 0..50 {
        ensure!(ada.known_as(&address).await?.is_some());
    }
    let (reads, writes) = (calls("get").await? - reads, calls("set").await? - writes);
    ensure!(reads >= 50, "{reads} reads");
    ensure!(writes == 0, "{writes} writes");
    Ok(())
}

/// Each session goes by itself: soon if nobody ever used it, and seven days after its last use.
#[tokio::test]
async fn a_session_lives_for_as_long_as_it_is_used() -> anyhow::Result<()> {
    let mut stack = Stack::builder().start().await?;
    let address = stack.replica(0)?.address().to_owned();
    let ada = Player::log_in(&address, "Ada").await?;
    let keys = redis::ask(&stack, SESSIONS, "KEYS *").await?;
    let key = keys.lines().nth(2).context("no key")?;
    let expiry = async || {
        let expiry = redis::ask(&stack, SESSIONS, &format!("TTL {key}")).await?;
        anyhow::Ok(expiry.trim_start_matches(':').trim().parse::<u64>()?)
    };
    let (week, unused) = (7 * 24 * 60 * 60, 10 * 60);
    let left = expiry().await?;
    ensure!((unused - 60..=unused).contains(&left), "{left} s at first");
    // Nobody was here for nearly all of that time. Then a player comes back, or a browser that has just logged in.
    for nearly_over in ["", "100", "1000"] {
        if !nearly_over.is_empty() {
            redis::ask(&stack, SESSIONS, &format!("EXPIRE {key} {nearly_over}")).await?;
        }
        ensure!(ada.known_as(&address).await?.is_some());
        let left = expiry().await?;
        ensure!((week - 60..=week).contains(&left), "{left} s after its use");
    }
    Ok(())
}

#[tokio::test]
async fn a_wrong_password_is_told_in_one_line_and_not_shown() -> anyhow::Result<()> {
    // Left out at first, because the stack would wait for replicas to get ready.
    let builder = Stack::builder().without(SESSIONS);
    let mut stack = builder
        .environment("SESSIONS_PASSWORD", "not-this-one")
        .start()
        .await?;
    stack.server(SESSIONS)?.start().await?;
    let address = stack.replica(0)?.address().to_owned();
    let nobody = Player::nobody("")?;
    until("a refused password", RECOVERED_WITHIN, async || {
        let ready = nobody.get(&address, "/health/ready").send().await;
        let ready = ready.map_err(|error| error.to_string())?.status();
        let tries =
            redis::count(&stack, SESSIONS, "errorstats", "errorstat_WRONGPASS:count=").await;
        match tries {
            // Several tries, for one line.
            Ok(3..) if ready == 503 => Ok(()),
            tries => Err(format!(
                "ready answers {ready}, and there were {tries:?} tries"
            )),
        }
    })
    .await?;
    let lines = stack.replica(0)?.log().lines();
    let told: Vec<_> = lines
        .iter()
        .filter(|line| line.contains("WRONGPASS"))
        .collect();
    ensure!(told.len() == 1, "{}", lines.join("\n"));
    ensure!(told[0].contains("session store"), "{}", told[0]);
    ensure!(
        !lines.join("\n").contains("not-this-one"),
        "the password stands in the log"
    );
    Ok(())
}

#[tokio::test]
async fn an_id_from_before_the_login_is_worth_nothing_on_any_replica() -> anyhow::Result<()> {
    let stack = Stack::builder().scale("webserver", 3).start().await?;
    let replicas = addresses(&stack);
    let mallory = Player::log_in(&replicas[0], "Mallory").await?;
    let victim = Player::nobody(mallory.cookie())?;
    let answer = expect(victim.try_log_in(&replicas[1], "Ada").await?, 200).await?;
    let ada = Player::nobody(&cookie_of(&answer)?)?;
    for address in &replicas {
        ensure!(ada.known_as(address).await?.as_deref() == Some("Ada"));
        let name = mallory.known_as(address).await?;
        ensure!(
            name.is_none(),
            "the id from before the login is taken for {name:?}"
        );
    }
    // And a logout at one replica is one at all of them.
    let goodbye = ada
        .post(&replicas[2], "/api/logout", &json!({}))
        .send()
        .await?;
    expect(goodbye, 204).await?;
    for address in &replicas {
        ensure!(ada.known_as(address).await?.is_none());
    }
    Ok(())
}

#[tokio::test]
async fn what_is_said_to_a_replica_can_be_asked_of_it() -> anyhow::Result<()> {
    let mut stack = Stack::builder().start().await?;
    let address = stack.replica(0)?.address().to_owned();
    let nobody = Player::nobody("")?;
    refused(nobody.try_say(&address, "hello").await?, 401).await?;
    refused(nobody.get(&address, "/api/messages").send().await?, 401).await?;
    let ada = Player::log_in(&address, "Ada").await?;
    let mut said = Vec::new();
    for text in ["one", "  two \n", "山羊 🐐", &"ü".repeat(500)] {
        let message = ada.say(&address, text).await?;
        ensure!(
            message["author"] == "Ada" && message["replica"] == "webserver-1",
            "{message}"
        );
        ensure!(message["text"] == text.trim(), "{message}");
        let at = message["sent_at"].as_str().unwrap_or_default();
        ensure!(
            (20..=24).contains(&at.len()) && at.ends_with('Z'),
            "{message}"
        );
        said.push(message);
    }
    // What is passed on may take a moment, also to where it came from.
    until("its telling", Duration::from_secs(5), async || {
        match ada.hear(&address, None).await {
            Ok(told) if told == said => Ok(()),
            told => Err(format!("{told:?} instead of {said:?}")),
        }
    })
    .await?;
    let ids = ids(&said);
    ensure!(ids.is_sorted(), "{ids:?}");
    // ensure!(ids.iter().all(|id| id.as_bytes()[14] == b'7'), "{ids:?}"); // lessons 4 to 6 only
    for (place, id) in ids.iter().enumerate() {
        let after = ada.hear(&address, Some(id)).await?;
        ensure!(after == said[place + 1..], "after {place}: {after:?}");
    }
    let long = "x".repeat(501);
    for text in ["", " \n ", &long, "a\0b", "\u{200b}"] {
        let told = refused(ada.try_say(&address, text).await?, 422).await?;
        ensure!(told.contains("1 to 500 characters"), "{told}");
    }
    for after in ["", "7", "not-an-id", "%00"] {
        let path = format!("/api/messages?after={after}");
        let told = refused(ada.get(&address, &path).send().await?, 422).await?;
        ensure!(told.contains("must be"), "{told}");
    }
    let told = ada.get(&address, "/api/messages").send().await?;
    ensure!(header(&told, "cache-control")? == "no-store");
    Ok(())
}
