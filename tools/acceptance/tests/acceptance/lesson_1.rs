//! One web server, asked on its own address, past Traefik.

mod slow_clients;

use std::{
    io::{Read, Write},
    net::TcpStream,
    time::Duration,
};

use anyhow::{Context, ensure};
use nix::sys::signal::Signal;
use serde_json::Value;
use stack::{Replica, Stack};

async fn one_replica() -> anyhow::Result<Stack> {
    Stack::builder()
        .environment("LEAVE_GRACE", "0")
        .start()
        .await
}

fn first(stack: &Stack) -> anyhow::Result<&Replica> {
    stack.replicas().next().context("no replica runs")
}

async fn json(response: reqwest::Response) -> anyhow::Result<Value> {
    let kind = response.headers().get("content-type").cloned();
    ensure!(
        kind.as_ref().is_some_and(|kind| kind == "application/json"),
        "it is {kind:?}"
    );
    Ok(response.json().await?)
}

#[tokio::test]
async fn page_and_json_name_the_replica() -> anyhow::Result<()> {
    let stack = one_replica().await?;
    let replica = first(&stack)?;
    let base = format!("http://{}", replica.address());

    // let page = base.clone(); // lessons 1 to 2 only
    let page = format!("{base}/plain"); // lesson 3
    let page = stack.client().get(page).send().await?;
    ensure!(page.status() == 200);
    ensure!(page.text().await?.contains(replica.id()));

    let before = json(
        stack
            .client()
            .get(format!("{base}/api/whoami"))
            .send()
            .await?,
    )
    .await?;
    let after = json(
        stack
            .client()
            .get(format!("{base}/api/whoami"))
            .send()
            .await?,
    )
    .await?;
    ensure!(before["replica"] == replica.id(), "{before}");
    ensure!(before["address"] == replica.address(), "{before}");
    for field in ["host", "version", "started_at"] {
        ensure!(
            before[field].as_str().is_some_and(|text| !text.is_empty()),
            "no {field} in {before}"
        );
    }
    let served = |answer: &Value| answer["requests_served"].as_u64();
    ensure!(
        served(&after) == served(&before).map(|n| n + 1),
        "{before} and then {after}"
    );
    Ok(())
}

#[tokio::test]
async fn every_error_is_json_with_the_right_status() -> anyhow::Result<()> {
    let stack = one_replica().await?;
    let base = format!("http://{}", first(&stack)?.address());
    let client = stack.client();
    let requests = [
        (404, client.get(format!("{base}/api/nowhere"))),
        (404, client.get(format!("{base}/api/%00%ff"))),
        (405, client.delete(format!("{base}/api/whoami"))),
        (
            413,
            client
                .post(format!("{base}/api/whoami"))
                .body(vec![b'x'; 100_000]),
        ),
    ];
    for (expected, request) in requests {
        let response = request.send().await?;
        let status = response.status().as_u16();
        ensure!(status == expected, "expected {expected}, got {status}");
        ensure!(
            status != 405 || response.headers().contains_key("allow"),
            "a 405 without Allow"
        );
        let body = json(response).await?;
        ensure!(body["status"] == expected, "{body}");
        let error = body["error"].as_str().unwrap_or_default();
        ensure!(error.len() > 10, "{body}");
        // The sentence is made before axum names the methods, so it must not claim to know them.
        ensure!(!error.contains("none"), "{body}");
        let code = match expected {
            404 => "not_found",
            405 => "method_not_allowed",
            413 => "too_large",
            _ => "bad_request",
        };
        ensure!(body["code"] == code, "{body}");
    }
    Ok(())
}

#[tokio::test]
async fn a_request_id_is_taken_over_or_made() -> anyhow::Result<()> {
    let stack = one_replica().await?;
    let url = format!("http://{}/api/whoami", first(&stack)?.address());
    for (sent, kept) in [
        ("trace-1.a_B", true),
        ("two words", false),
        (&*"x".repeat(65), false),
    ] {
        let response = stack
            .client()
            .get(&url)
            .header("x-request-id", sent)
            .send()
            .await?;
        let got = response.headers()["x-request-id"].to_str()?;
        ensure!(
            (got == sent) == kept && !got.is_empty(),
            "sent {sent:?}, got {got:?}"
        );
    }
    let log = first(&stack)?.log().lines().join("\n");
    ensure!(
        log.contains("trace-1.a_B") && !log.contains("two words"),
        "{log}"
    );
    Ok(())
}

#[tokio::test]
async fn it_survives_what_is_not_http() -> anyhow::Result<()> {
    let stack = one_replica().await?;
    let replica = first(&stack)?;
    for bytes in [
        &b"\x16\x03\x01\x02\x00"[..],
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        &[0; 4096],
    ] {
        let mut connection = TcpStream::connect(replica.address())?;
        connection.set_read_timeout(Some(Duration::from_secs(5)))?;
        // Whether it answers 400 or hangs up, and when, does not matter. It must do one of both, and live.
        let _ = connection.write_all(bytes);
        let _ = connection.shutdown(std::net::Shutdown::Write);
        let _ = connection.read(&mut [0; 256]);
    }
    replica.ready(stack.client()).await
}

#[tokio::test]
async fn a_signal_ends_it_with_exit_code_0_and_a_request_in_flight_is_answered()
-> anyhow::Result<()> {
    for signal in [Signal::SIGTERM, Signal::SIGINT] {
        let mut stack = one_replica().await?;
        let mut replica = stack.take_replica(0)?;
        // Half a request: the server is waiting for the rest when the signal comes. Whole requests after it see to
        // it that the server has begun to read.
        let mut connection = TcpStream::connect(replica.address())?;
        connection.write_all(b"GET /api/whoami HTTP/1.1\r\nhost: x\r\n")?;
        let url = format!("http://{}/", replica.address());
        for _ in 0..5 {
            stack.client().get(&url).send().await?;
        }
        replica.signal(signal)?;
        let told = replica
            .log()
            .find(|line| line.contains("was told to stop").then_some(()));
        tokio::time::timeout(Duration::from_secs(10), told).await?;
        connection.write_all(b"connection: close\r\n\r\n")?;
        let mut answer = String::new();
        connection.set_read_timeout(Some(Duration::from_secs(10)))?;
        connection.read_to_string(&mut answer)?;
        ensure!(answer.starts_with("HTTP/1.1 200"), "{answer:?}");
        let status = replica.wait(Duration::from_secs(15)).await?;
        ensure!(status.code() == Some(0), "{signal} ended it with {status}");
    }
    Ok(())
}

#[tokio::test]
async fn a_second_signal_ends_it_at_once() -> anyhow::Result<()> {
    let builder = Stack::builder()
        .environment("LEAVE_GRACE", "0")
        .environment("DRAIN_DEADLINE", "60");
    let mut stack = builder.start().await?;
    let mut replica = stack.take_replica(0)?;
    // A request that never ends keeps the drain waiting.
    let mut connection = TcpStream::connect(replica.address())?;
    connection.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n")?;
    stack
        .client()
        .get(format!("http://{}/", replica.address()))
        .send()
        .await?;
    replica.signal(Signal::SIGTERM)?;
    let told = replica
        .log()
        .find(|line| line.contains("was told to stop").then_some(()));
    tokio::time::timeout(Duration::from_secs(10), told).await?;
    replica.signal(Signal::SIGTERM)?;
    let status = replica.wait(Duration::from_secs(15)).await?;
    ensure!(status.code() == Some(128 + 15), "it ended with {status}");
    Ok(())
}

#[tokio::test]
async fn nobody_needs_to_read_its_log() -> anyhow::Result<()> {
    let mut stack = one_replica().await?;
    stack.replica(0)?.stop_reading().await;
    let url = format!("http://{}/api/whoami", first(&stack)?.address());
    for _ in 0..3 {
        let answer = stack.client().get(&url).send().await?;
        ensure!(answer.status() == 200, "{answer:?}");
    }
    let status = stack.replica(0)?.stop().await?;
    ensure!(status.success(), "{status}");
    Ok(())
}

#[tokio::test]
async fn a_taken_port_is_told_in_one_line_with_the_cure() -> anyhow::Result<()> {
    let taken = std::net::TcpListener::bind("127.0.0.1:0")?;
    let address = taken.local_addr()?.to_string();
    let stack = Stack::builder().scale("webserver", 0).start().await?;
    let output = stack
        .run_service("webserver", &[], &[("LISTEN", &address)])
        .await?;
    ensure!(output.status.code() == Some(1), "{output:?}");
    let told = String::from_utf8(output.stderr)?;
    ensure!(told.lines().count() == 1, "{told}");
    ensure!(
        told.contains(&address) && told.to_lowercase().contains("in use"),
        "{told}"
    );
    ensure!(told.contains("LISTEN"), "{told}");
    Ok(())
}

#[tokio::test]
async fn bad_configuration_is_told_in_one_line() -> anyhow::Result<()> {
    let stack = Stack::builder().scale("webserver", 0).start().await?;
    let bad = [
        ("LISTEN", "8080", "--listen"),
        ("REPLICA_ID", "two words", "--replica-id"),
        ("DRAIN_DEADLINE", "-1", "--drain-deadline"),
        ("LOG_FORMAT", "xml", "--log-format"),
        ("LOG", "info,=,", "LOG"),
    ];
    for (name, value, option) in bad {
        let output = stack
            .run_service("webserver", &[], &[(name, value)])
            .await?;
        let told = String::from_utf8(output.stderr)?;
        ensure!(!output.status.success(), "{name}={value} was accepted");
        ensure!(told.lines().count() == 1, "{told}");
        ensure!(told.contains(option) || told.contains(value), "{told}");
    }
    let help = stack.run_service("webserver", &["--help"], &[]).await?;
    ensure!(help.status.success() && String::from_utf8(help.stdout)?.contains("LISTEN"));
    Ok(())
}

#[tokio::test]
async fn the_health_check_command_tells_by_its_exit_code() -> anyhow::Result<()> {
    let stack = one_replica().await?;
    let address = first(&stack)?.address().to_owned();
    let output = stack
        .run_service("webserver", &["healthcheck"], &[("LISTEN", &address)])
        .await?;
    ensure!(output.status.success(), "{output:?}");
    let nobody = std::net::TcpListener::bind("127.0.0.1:0")?
        .local_addr()?
        .to_string();
    let output = stack
        .run_service("webserver", &["healthcheck", "--listen", &nobody], &[])
        .await?;
    ensure!(output.status.code() == Some(1), "{output:?}");
    ensure!(String::from_utf8(output.stderr)?.lines().count() == 1);
    Ok(())
}
