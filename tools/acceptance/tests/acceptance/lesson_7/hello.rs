//! A second service has all of this without a line of its own: it is found, is routed, waits for slow clients without harm to
//! others, and leaves without a failed request.

use std::{
    path::PathBuf,
    process::Stdio,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use anyhow::{Context, ensure};
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use reqwest::{StatusCode, header};
use stack::{Stack, until};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    process::{Child, Command},
    task::{JoinSet, spawn_blocking},
    time::timeout,
};

const HOST: &str = "hello.localhost";
const WITHIN: Duration = Duration::from_secs(20);

/// The example of the crate `service`, built.
async fn binary() -> anyhow::Result<PathBuf> {
    let build = escargot::CargoBuild::new()
        .manifest_path(stack::workspace_root().join("Cargo.toml"))
        // As "cargo test" does, so that dependencies are not compiled again with other features.
        .arg("--workspace")
        .example("hello");
    let built = spawn_blocking(move || build.run()).await?;
    Ok(built.context("cannot build hello")?.path().to_owned())
}

fn start(binary: &PathBuf, id: &str, consul: &str) -> anyhow::Result<Child> {
    let mut command = Command::new(binary);
    command
        .env("LISTEN", "127.0.0.1:0")
        .env("ADVERTISE", "127.0.0.1")
        .env("CONSUL_URL", format!("http://{consul}"))
        .env("REPLICA_ID", id)
        .env("MAX_REQUESTS", "2")
        .stdout(Stdio::null())
        .kill_on_drop(true);
    command.spawn().context("cannot start hello")
}

/// Waits until each of these replicas, and no other, has answered since it was asked for them.
async fn answered_by(stack: &Stack, expected: &[&str]) -> anyhow::Result<()> {
    until("being routed", WITHIN, async || {
        let mut who = Vec::new();
        for _ in 0..2 * expected.len() {
            let answer = stack.get(HOST, "/").await;
            let answer = answer.map_err(|error| format!("{error:#}"))?;
            let replica = answer.headers().get("x-replica");
            let replica = replica.and_then(|id| id.to_str().ok()).unwrap_or("nobody");
            who.push(replica.to_owned());
            let text = answer.text().await.unwrap_or_default();
            if text != "hello" {
                return Err(text);
            }
        }
        who.sort();
        who.dedup();
        if who == expected {
            Ok(())
        } else {
            Err(format!("{who:?} answered"))
        }
    })
    .await
}

#[tokio::test]
async fn a_second_service_is_found_waits_for_the_slow_and_leaves_without_a_loss()
-> anyhow::Result<()> {
    let stack = Stack::builder().start().await?;
    let consul = stack.server("consul")?.address();
    let binary = binary().await?;
    let mut leaving = start(&binary, "hello-1", &consul)?;
    answered_by(&stack, &["hello-1"]).await?;

    // Whoever is slow to send a body takes no place until it is there, however few there are.
    let mut slow = Vec::new();
    for _ in 0..3 {
        let mut stream = TcpStream::connect(stack.address()).await?;
        let head = format!(
            "POST / HTTP/1.1\r\nhost: {HOST}\r\ncontent-length: 3\r\nconnection: close\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).await?;
        slow.push(stream);
    }
    let answer = stack.get(HOST, "/").await?;
    ensure!(answer.status() == StatusCode::OK, "{}", answer.status());
    for mut stream in slow {
        stream.write_all(b"Ada").await?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await?;
        ensure!(answer.ends_with("hello Ada"), "{answer}");
    }

    // One more comes, and the first one goes, while requests go on.
    let _staying = start(&binary, "hello-2", &consul)?;
    answered_by(&stack, &["hello-1", "hello-2"]).await?;
    let failed = Arc::new(AtomicUsize::new(0));
    let mut asking = JoinSet::new();
    let (client, url) = (
        stack.client().clone(),
        format!("http://{}/", stack.address()),
    );
    let counter = Arc::clone(&failed);
    asking.spawn(async move {
        loop {
            let answer = client.get(&url).header(header::HOST, HOST).send().await;
            if !answer.is_ok_and(|answer| answer.status().is_success()) {
                counter.fetch_add(1, Ordering::Relaxed);
            }
        }
    });
    let id = leaving.id().context("hello-1 does not run any more")?;
    kill(Pid::from_raw(i32::try_from(id)?), Signal::SIGTERM)?;
    let status = timeout(WITHIN, leaving.wait()).await??;
    ensure!(status.success(), "hello-1 ended with {status}");
    answered_by(&stack, &["hello-2"]).await?;
    asking.shutdown().await;
    let failed = failed.load(Ordering::Relaxed);
    ensure!(failed == 0, "{failed} requests failed");
    Ok(())
}
