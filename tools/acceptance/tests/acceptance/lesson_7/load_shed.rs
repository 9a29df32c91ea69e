//! What is more than a replica can do is refused at once.

use std::time::Duration;

use acceptance::{
    answer::header,
    player::{HOST, Player},
    socket::Socket,
};
use anyhow::{Context, ensure};
use nix::sys::signal::Signal;
use serde_json::Value;
use stack::{Stack, until};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    task::JoinSet,
};

#[tokio::test]
async fn past_the_bound_a_request_is_refused_at_once() -> anyhow::Result<()> {
    let builder = Stack::builder().environment("MAX_REQUESTS", "1");
    let stack = builder.start().await?;
    let replica = stack.replicas().next().context("no replica runs")?;
    let (address, browser) = (replica.address(), Player::nobody("")?);
    // A socket that is open does not count.
    let ada = Player::log_in(address, "Ada").await?;
    let mut socket = Socket::open(&ada, address).await?;
    socket.frame("welcome").await?;

    // Whoever is slow to send a body takes no place until it is there.
    let mut slow = TcpStream::connect(address).await?;
    let head = format!(
        "POST /api/login HTTP/1.1\r\nhost: {HOST}\r\ncontent-type: application/json\r\n\
         content-length: 14\r\nconnection: close\r\n\r\n"
    );
    slow.write_all(head.as_bytes()).await?;
    for _ in 0..20 {
        let answer = browser.get(address, "/api/whoami").send().await?;
        ensure!(answer.status() == 200, "{}", answer.status());
    }
    slow.write_all(br#"{"name":"Bob"}"#).await?;
    let mut answer = String::new();
    slow.read_to_string(&mut answer).await?;
    ensure!(answer.starts_with("HTTP/1.1 200"), "{answer}");

    // Whoever waits for a Redis that hangs has one, and these take turns.
    stack.server("sessions")?.signal(Signal::SIGSTOP)?;
    let mut waiting = JoinSet::new();
    for _ in 0..4 {
        let request = ada.get(address, "/api/me");
        let request = request.try_clone().context("it has a body")?;
        waiting.spawn(async move {
            loop {
                let again = request.try_clone().map(reqwest::RequestBuilder::send);
                if let Some(again) = again {
                    let _ = again.await;
                }
            }
        });
    }
    let refusal = async |path: &str| {
        until("a refusal", Duration::from_secs(10), async || {
            let answer = browser.get(address, path).send().await;
            let answer = answer.map_err(|error| error.to_string())?;
            if answer.status() == 503 {
                Ok(answer)
            } else {
                Err(answer.status().to_string())
            }
        })
        .await
    };
    let refused = refusal("/api/whoami").await?;
    ensure!(header(&refused, "retry-after")? == "1");
    let told: Value = refused.json().await?;
    ensure!(
        told["error"]
            .as_str()
            .is_some_and(|told| told.contains("too much to do")),
        "{told}"
    );
    for path in ["/", "/nothing", "/ws"] {
        refusal(path).await?;
    }
    let answer = browser.get(address, "/health/live").send().await?;
    ensure!(answer.status() == 200, "{}", answer.status());
    waiting.shutdown().await;
    stack.server("sessions")?.signal(Signal::SIGCONT)?;
    socket.say("I am in already").await?;
    let answer = browser.get(address, "/api/whoami").send().await?;
    ensure!(answer.status() == 200, "{}", answer.status());

    for bad in ["0", "1000001", "many"] {
        let output = stack
            .run_service("webserver", &[], &[("MAX_REQUESTS", bad)])
            .await?;
        let told = String::from_utf8(output.stderr)?;
        ensure!(output.status.code() == Some(2), "{bad}: {told}");
        ensure!(
            told.lines().count() == 1 && told.contains("--max-requests"),
            "{told}"
        );
    }
    Ok(())
}
