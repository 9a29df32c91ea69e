//! The viewer shows what is in Redis, and can be made to do nothing else, by nobody.

use std::time::Duration;

use acceptance::{player::Player, redis};
use anyhow::{Context, ensure};
use reqwest::StatusCode;
use stack::Stack;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use super::SESSIONS;

const HOST: &str = "sessions.localhost";

/// A connection to Redis on which the viewer's user has logged in.
async fn viewer(stack: &Stack) -> anyhow::Result<TcpStream> {
    let redis = stack.server(SESSIONS)?;
    let mut stream = TcpStream::connect(redis.address()).await?;
    let login = format!("AUTH viewer {}\r\n", redis.password()?);
    stream.write_all(login.as_bytes()).await?;
    let mut answer = [0; 5];
    stream.read_exact(&mut answer).await?;
    ensure!(&answer == b"+OK\r\n", "the viewer's user has no access");
    Ok(stream)
}

#[tokio::test]
async fn its_user_may_do_what_its_page_shows() -> anyhow::Result<()> {
    let stack = Stack::builder().start().await?;
    let answer = async |command: &str| {
        let mut stream = viewer(&stack).await?;
        let request = format!("{command}\r\nQUIT\r\n");
        stream.write_all(request.as_bytes()).await?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await?;
        anyhow::Ok(answer)
    };
    for command in ["PING", "SCAN 0", "TYPE a", "TTL a", "GET a", "INFO memory"] {
        let answer = answer(command).await?;
        ensure!(!answer.starts_with('-'), "{command}: {answer}");
    }
    for command in [
        "KEYS *",
        "SET a b",
        "DEL a",
        "EXPIRE a 1",
        "SORT a",
        "LCS a b",
        "DUMP a",
        "XREAD STREAMS a 0",
        "SUBSCRIBE a",
        "PUBLISH a b",
        "MONITOR",
        "CONFIG GET *",
        "ACL LIST",
        "CLIENT LIST",
        "CLIENT KILL TYPE normal",
        "EVAL 0 0",
        "FLUSHALL",
        "SHUTDOWN",
    ] {
        let answer = answer(command).await?;
        ensure!(answer.contains("NOPERM"), "{command}: {answer}");
    }
    Ok(())
}

/// What waits to be read is part of Redis' memory. If it had no bound, nobody could log in any more.
#[tokio::test]
async fn whoever_asks_for_much_and_reads_nothing_is_cut_off() -> anyhow::Result<()> {
    let stack = Stack::builder().start().await?;
    let replica = stack.replicas().next().context("no replica runs")?;
    let large = "a".repeat(1024 * 1024);
    redis::ask(
        &stack,
        SESSIONS,
        &format!(
            "*3\r\n$3\r\nSET\r\n$5\r\nlarge\r\n${}\r\n{large}",
            large.len()
        ),
    )
    .await?;
    let mut greedy = viewer(&stack).await?;
    // It writes until it is cut off. 200 MB would be three times what this Redis may use.
    for _ in 0..200 {
        if greedy.write_all(b"GET large\r\n").await.is_err() {
            break;
        }
    }
    Player::log_in(replica.address(), "Ada").await?;
    let mut given = Vec::new();
    let read = tokio::time::timeout(Duration::from_secs(30), greedy.read_to_end(&mut given)).await;
    let _ = read.context("Redis kept the connection")?;
    ensure!(
        given.len() < 100 * large.len(),
        "it was given {} bytes",
        given.len()
    );
    Ok(())
}

#[tokio::test]
async fn another_site_cannot_use_its_command_line() -> anyhow::Result<()> {
    let stack = Stack::builder().start().await?;
    let command_line = format!("http://{}/apiv2/exec/any", stack.address());
    let own = format!(
        "http://{HOST}:{}",
        stack.address().rsplit(':').next().unwrap_or("80")
    );
    for (header, value, let_through) in [
        ("sec-fetch-site", "cross-site", false),
        ("sec-fetch-site", "same-site", false),
        ("sec-fetch-site", "same-origin", true),
        ("origin", "http://example.com", false),
        ("origin", "http://sessions.localhost.example.com", false),
        ("origin", "null", false),
        ("origin", own.as_str(), true),
    ] {
        let request = stack.client().post(&command_line).header("host", HOST);
        let answer = request
            .header(header, value)
            .body("cmd=info")
            .send()
            .await?;
        // The viewer itself runs with Docker only. Where a request got through to it, it is missed.
        let refused = answer.status() == StatusCode::NOT_FOUND;
        ensure!(
            refused != let_through,
            "{header}: {value}: {}",
            answer.status()
        );
    }
    Ok(())
}
