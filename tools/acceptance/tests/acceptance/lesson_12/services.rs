//! The records of the services, under the ids of requests and of traces.

use acceptance::{
    answer::{expect, header},
    goat::{self, Goat},
    player::Player,
    socket::Socket,
};
use anyhow::{Context, ensure};
use serde_json::Value;
use stack::{Stack, until};

use super::store::{FOUND_WITHIN, records};

/// The id of somebody else's request, as it would look.
const FOREIGN: &str = "01a21806-dfb0-7005-823d-184628bde99a";

/// G36: somebody else's request id makes two stories run into one.
#[tokio::test]
async fn a_request_has_an_id_of_ours_and_the_caller_s_beside_it() -> anyhow::Result<()> {
    let stack = Stack::builder().start().await?;
    let ada = Player::log_in(&stack.address(), "Ada").await?;
    let mut ids = Vec::new();
    for _ in 0..2 {
        let request = ada.get(&stack.address(), "/api/me");
        let answer = request.header("x-request-id", FOREIGN).send().await?;
        ids.push(header(&expect(answer, 200).await?, "x-request-id")?);
    }
    ensure!(
        ids[0] != ids[1] && !ids.contains(&FOREIGN.to_owned()),
        "{ids:?}"
    );
    for id in &ids {
        let story = story(&stack, id, 2).await?;
        let of = |service: &str| {
            story
                .iter()
                .find(|record| record["service.name"] == service)
        };
        let ours = of("webserver").context("the web server has no record of it")?;
        ensure!(ours["client_request_id"] == FOREIGN, "{ours}");
        ensure!(of("traefik").is_some(), "{story:?}");
        let foreign = story.iter().any(|record| record["request_id"] == FOREIGN);
        ensure!(!foreign, "{story:?}");
    }
    ensure!(
        records(&stack, &format!("request_id:=\"{FOREIGN}\""))
            .await?
            .is_empty()
    );
    Ok(())
}

/// What a request waited for stands in its record, for each Redis.
#[tokio::test]
async fn a_record_says_what_its_request_waited_for() -> anyhow::Result<()> {
    let stack = Stack::builder().start().await?;
    let ada = Player::log_in(&stack.address(), "Ada").await?;
    let said = ada.try_say(&stack.address(), "hello").await?;
    let id = header(&expect(said, 201).await?, "x-request-id")?;
    let record = answered(&stack, &id).await?;
    for field in ["duration_ms", "sessions_ms", "pubsub_ms"] {
        let ms: f64 = text(&record, field)?.parse()?;
        ensure!(ms >= 0.0, "{record}");
    }
    ensure!(record.get("matches_ms").is_none(), "{record}");
    ensure!(record["http.request.method"] == "POST", "{record}");
    ensure!(record["url.path"] == "/api/messages", "{record}");
    ensure!(record["http.response.status_code"] == "201", "{record}");
    ensure!(record["service.instance.id"] == "webserver-1", "{record}");
    Ok(())
}

/// From the id of a request to each replica that heard what was said in it.
#[tokio::test]
async fn what_is_said_is_followed_to_the_other_replica() -> anyhow::Result<()> {
    let stack = Stack::builder().scale("webserver", 2).start().await?;
    let ada = Player::log_in(&stack.address(), "Ada").await?;
    let said = ada.try_say(&stack.address(), "hello").await?;
    let answer = expect(said, 201).await?;
    let id = header(&answer, "x-request-id")?;
    let message: Value = answer.json().await?;
    let trace = text(&answered(&stack, &id).await?, "trace_id")?.to_owned();
    let heard = in_trace(&stack, &trace, "heard a message", 2).await?;
    let mut replicas: Vec<&str> = heard
        .iter()
        .map(|record| text(record, "service.instance.id"))
        .collect::<anyhow::Result<_>>()?;
    replicas.sort_unstable();
    ensure!(replicas == ["webserver-1", "webserver-2"], "{heard:?}");
    let same = |record: &Value| record["message_id"] == message["id"];
    ensure!(heard.iter().all(same), "{heard:?}");
    Ok(())
}

/// What is said over a socket has a trace of its own, and what is said twice has two.
#[tokio::test]
async fn each_message_over_a_socket_has_a_trace_of_its_own() -> anyhow::Result<()> {
    let stack = Stack::builder().scale("webserver", 2).start().await?;
    let ada = Player::log_in(&stack.address(), "Ada").await?;
    let mut socket = Socket::open(&ada, &stack.address()).await?;
    let mut traces = Vec::new();
    for text_said in ["one", "two"] {
        let id = socket.say(text_said).await?;
        let query = format!(r#"_msg:="took a message" and message_id:="{id}""#);
        let took = found(&stack, &query, 1).await?;
        let trace = text(&took[0], "trace_id")?.to_owned();
        in_trace(&stack, &trace, "heard a message", 2).await?;
        traces.push(trace);
    }
    ensure!(traces[0] != traces[1], "{traces:?}");
    Ok(())
}

/// From the id of the request for a seat to the game server that let the player in.
#[tokio::test]
async fn a_player_is_followed_to_the_game_server() -> anyhow::Result<()> {
    let stack = Stack::builder().start().await?;
    let lobby = goat::lobby(&stack, "Ada").await?;
    let ticket = lobby.play(None).await?;
    let _goat = Goat::enter(&stack, &ticket).await?;
    let query = r#"_msg:="a ticket was accepted""#;
    let accepted = found(&stack, query, 1).await?;
    let record = &accepted[0];
    ensure!(record["service.name"] == "gameserver", "{record}");
    ensure!(record["match_id"] == ticket.match_id.as_str(), "{record}");
    let query = format!(
        r#"trace_id:="{}" and "url.path":="/api/play""#,
        text(record, "trace_id")?
    );
    let asked = found(&stack, &query, 1).await?;
    ensure!(asked[0]["player"] == record["player"], "{asked:?}");
    ensure!(asked[0].get("matches_ms").is_some(), "{asked:?}");
    Ok(())
}

/// Nothing by which a player is known stands in any record, though all of it was typed, sent and shown.
#[tokio::test]
async fn no_record_says_who_a_player_is() -> anyhow::Result<()> {
    let stack = Stack::builder()
        .scale("webserver", 2)
        .environment("LOG", "trace")
        .start()
        .await?;
    let name = "Markedname";
    let ada = Player::log_in(&stack.address(), name).await?;
    let mut socket = Socket::open(&ada, &stack.address()).await?;
    socket.say("markedtext over a socket").await?;
    let said = ada.say(&stack.address(), "markedtext over HTTP").await?;
    let refused = ada.try_log_in(&stack.address(), "\u{1b}markedname").await?;
    ensure!(
        refused.status() == 400 || refused.status() == 422,
        "{refused:?}"
    );
    let lobby = goat::lobby(&stack, name).await?;
    let ticket = lobby.play(None).await?;
    let mut goat = Goat::enter(&stack, &ticket).await?;
    let token = format!("{:?}", goat.way_back()?);
    goat.snapshot().await?;
    let player = said["player"].as_str().context("no player")?;
    let cookie = ada.cookie().split('=').nth(1).context("no cookie")?;
    // When the last of these is there, all before it are.
    let last = ada.get(&stack.address(), "/api/me").send().await?;
    answered(&stack, &header(&last, "x-request-id")?).await?;
    found(&stack, r#"_msg:="a ticket was accepted""#, 1).await?;

    let mut everything = records(&stack, "*").await?;
    everything.extend(stack.logs().lines().map(str::to_owned));
    let secret = token.split('"').find(|part| part.len() == 32);
    let known = [
        Some(name),
        Some("markedname"),
        Some("markedtext"),
        Some(player),
        Some(cookie),
        Some(&ticket.ticket),
        secret,
    ];
    for known in known.into_iter().flatten() {
        let found = everything.iter().find(|line| line.contains(known));
        ensure!(found.is_none(), "{known} stands in {found:?}");
    }
    Ok(())
}

/// Nobody does anything, and so nothing is recorded: not even that records are sent.
#[tokio::test]
async fn an_idle_minute_adds_no_record() -> anyhow::Result<()> {
    let stack = Stack::builder().start().await?;
    let ada = Player::log_in(&stack.address(), "Ada").await?;
    let last = ada.get(&stack.address(), "/api/me").send().await?;
    story(&stack, &header(&last, "x-request-id")?, 2).await?;
    let before = records(&stack, "*").await?.len();
    // This is what is tested: that time alone adds nothing.
    tokio::time::sleep(std::time::Duration::from_secs(60)).await;
    let after = records(&stack, "*").await?;
    ensure!(
        after.len() == before,
        "{:?}",
        &after[before.min(after.len())..]
    );
    Ok(())
}

/// The one record that a web server has of an answer.
pub(super) async fn answered(stack: &Stack, id: &str) -> anyhow::Result<Value> {
    let query = format!(r#"request_id:="{id}" and _msg:="answered a request""#);
    let mut found = found(stack, &query, 1).await?;
    Ok(found.remove(0))
}

/// All records of the request with this id, when there are so many.
async fn story(stack: &Stack, id: &str, count: usize) -> anyhow::Result<Vec<Value>> {
    let query = format!(r#"request_id:="{id}" or "downstream_X-Request-Id":="{id}""#);
    found(stack, &query, count).await
}

async fn in_trace(
    stack: &Stack,
    trace: &str,
    sentence: &str,
    count: usize,
) -> anyhow::Result<Vec<Value>> {
    let query = format!(r#"trace_id:="{trace}" and _msg:="{sentence}""#);
    found(stack, &query, count).await
}

/// The records that a question finds, when there are so many.
pub(super) async fn found(stack: &Stack, query: &str, count: usize) -> anyhow::Result<Vec<Value>> {
    until(query, FOUND_WITHIN, async || {
        let found = records(stack, query).await;
        let found = found.map_err(|error| format!("{error:#}"))?;
        let read = found.iter().map(|line| serde_json::from_str(line));
        let read: Result<Vec<Value>, _> = read.collect();
        let read = read.map_err(|error| error.to_string())?;
        if read.len() == count {
            Ok(read)
        } else {
            Err(format!("{} instead of {count}: {found:?}", read.len()))
        }
    })
    .await
}

fn text<'a>(record: &'a Value, field: &str) -> anyhow::Result<&'a str> {
    let text = record[field].as_str();
    text.with_context(|| format!("no {field}: {record}"))
}
