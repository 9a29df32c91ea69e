//! The store of all records, and Traefik's among them.

mod away;
mod reading;

use std::time::Duration;

use acceptance::answer::header;
use anyhow::{Context, ensure};
use reqwest::{Response, Url};
use serde_json::Value;
use stack::{Stack, until};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::TcpListener,
};

/// How soon a record is found. Traefik sends what it has once a second.
pub const FOUND_WITHIN: Duration = Duration::from_secs(10);

/// Whoever knows the id of an answer finds out which way it went, and nobody finds out who asked.
#[tokio::test]
async fn an_answer_s_id_leads_to_its_way_and_not_to_who_asked() -> anyhow::Result<()> {
    let stack = Stack::builder().scale("webserver", 2).start().await?;
    // Each of these is told by a caller, or is what a caller is known by.
    #[expect(clippy::disallowed_methods, reason = "it goes through no proxy either")]
    let caller = reqwest::Client::builder()
        .no_proxy()
        .local_address("127.0.0.77".parse::<std::net::IpAddr>()?)
        .user_agent("marked-agent")
        .build()?;
    let url = format!("http://{}/?ticket=marked-ticket", stack.address());
    let request = caller.get(url).header("host", "webserver.localhost");
    let request = request
        .header("cookie", "session=marked-cookie")
        .header("referer", "http://webserver.localhost/?code=marked-code")
        .header("authorization", "Bearer marked-token")
        .header("x-forwarded-for", "203.0.113.77");
    let answer = request.send().await?.error_for_status()?;
    let id = header(&answer, "x-request-id")?;
    let replica = header(&answer, "x-replica")?;

    let record = record_of(&stack, &id).await?;
    let field = |name: &str| record[name].as_str().unwrap_or_default();
    let replica = stack.called(&replica)?.address();
    ensure!(
        field("ServiceURL") == format!("http://{replica}"),
        "{record}"
    );
    ensure!(field("RouterName").starts_with("webserver"), "{record}");
    ensure!(field("DownstreamStatus") == "200", "{record}");
    ensure!(field("RetryAttempts") == "0", "{record}");
    ensure!(field("Duration").parse::<u64>()? > 0, "{record}");
    ensure!(
        field("_stream") == r#"{service.name="traefik"}"#,
        "{record}"
    );

    // The same stands on Traefik's standard output.
    let log = stack.server("traefik")?.log().context("it runs")?;
    let told = log.find(|line| line.contains(&id).then(|| line.to_owned()));
    let told = told.await.context("Traefik says nothing of it")?;
    let told: Value = serde_json::from_str(&told)?;
    ensure!(told["downstream_X-Request-Id"] == id.as_str(), "{told}");

    let all = records(&stack, "*").await?;
    let said = log.lines();
    for known in ["marked-", "203.0.113.77", "127.0.0.77"] {
        let mut everything = all.iter().map(String::as_str);
        let found = everything.find(|line| line.contains(known));
        ensure!(found.is_none(), "{known} stands in {found:?}");
        let found = said.iter().find(|line| line.contains(known));
        ensure!(found.is_none(), "{known} stands in {found:?}");
    }
    Ok(())
}

/// G21: a caller decides what is traced.
#[tokio::test]
async fn what_a_caller_says_of_tracing_does_not_arrive() -> anyhow::Result<()> {
    let stack = Stack::builder().start().await?;
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let port = listener.local_addr()?.port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(echo(stream));
        }
    });
    let service = serde_json::json!({
        "Name": "echo",
        "Address": "127.0.0.1",
        "Port": port,
        "Tags": ["traefik.enable=true", "traefik.http.routers.echo.rule=Host(`echo.localhost`)"],
    });
    let consul = stack.server("consul")?.address();
    let url = format!("http://{consul}/v1/agent/service/register");
    let registered = stack.client().put(url).json(&service).send().await?;
    registered.error_for_status()?;
    let head = until("the route", FOUND_WITHIN, async || {
        let request = stack.client().get(format!("http://{}/", stack.address()));
        let request = request
            .header("host", "echo.localhost")
            .header(
                "traceparent",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            )
            .header("tracestate", "marked=1")
            .header("baggage", "marked=1")
            .header("x-passes", "yes");
        let answer = request.send().await.map_err(|error| error.to_string())?;
        let status = answer.status();
        let head = answer.text().await.map_err(|error| error.to_string())?;
        status
            .is_success()
            .then_some(head)
            .ok_or_else(|| status.to_string())
    });
    let head = head.await?.to_lowercase();
    ensure!(head.contains("x-passes"), "{head}");
    for name in ["traceparent", "tracestate", "baggage"] {
        ensure!(!head.contains(name), "{name} arrives: {head}");
    }
    Ok(())
}

/// Answers with the head of the request.
async fn echo(mut stream: tokio::net::TcpStream) -> std::io::Result<()> {
    let mut lines = BufReader::new(&mut stream).lines();
    let mut head = String::new();
    while let Some(line) = lines.next_line().await? {
        if line.is_empty() {
            break;
        }
        head.push_str(&line);
        head.push('\n');
    }
    let length = head.len();
    let answer =
        format!("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n{head}");
    stream.write_all(answer.as_bytes()).await
}

/// The record that Traefik has of the request with this id, as soon as it is there.
async fn record_of(stack: &Stack, id: &str) -> anyhow::Result<Value> {
    record_within(FOUND_WITHIN, stack, id).await
}

async fn record_within(limit: Duration, stack: &Stack, id: &str) -> anyhow::Result<Value> {
    let query = format!(r#""downstream_X-Request-Id":="{id}""#);
    until("Traefik's record", limit, async || {
        let found = records(stack, &query).await;
        let found = found.map_err(|error| format!("{error:#}"))?;
        let record = found.first().ok_or("there is none")?;
        serde_json::from_str(record).map_err(|error| error.to_string())
    })
    .await
}

/// Asks the store itself, past Traefik.
pub async fn records(stack: &Stack, query: &str) -> anyhow::Result<Vec<String>> {
    let url = format!(
        "http://{}/select/logsql/query",
        stack.server("logs")?.address()
    );
    let url = Url::parse_with_params(&url, [("query", query)])?;
    let answer = stack.client().get(url).send().await?.error_for_status()?;
    Ok(answer.text().await?.lines().map(str::to_owned).collect())
}

/// Asks for the web server's page, and gives the answer, which must be a good one.
async fn ask(stack: &Stack) -> anyhow::Result<Response> {
    let answer = stack.get("webserver.localhost", "/").await?;
    Ok(answer.error_for_status()?)
}
