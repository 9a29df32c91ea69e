//! Whoever is slow or sends too much takes no place of others at Traefik.

use std::time::Duration;

use anyhow::{Context, ensure};
use stack::Stack;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::{sleep, timeout},
};

/// Longer than Traefik waits for anything that is tested here.
const WITHIN: Duration = Duration::from_secs(40);

#[tokio::test]
async fn half_a_header_is_not_waited_for() -> anyhow::Result<()> {
    let stack = Stack::builder().start().await?;
    for begun in [
        "",
        "GET /ui/ HT",
        "GET /ui/ HTTP/1.1\r\nhost: consul.localhost\r\n",
    ] {
        let mut stream = TcpStream::connect(stack.address()).await?;
        stream.write_all(begun.as_bytes()).await?;
        let mut answer = Vec::new();
        // Closed by an error is closed, too.
        let _ = timeout(WITHIN, stream.read_to_end(&mut answer))
            .await
            .with_context(|| format!("Traefik kept the connection after {begun:?}"))?;
    }
    Ok(())
}

#[tokio::test]
async fn a_body_that_trickles_is_given_up() -> anyhow::Result<()> {
    let stack = Stack::builder().start().await?;
    let mut stream = TcpStream::connect(stack.address()).await?;
    let head = "GET /ui/ HTTP/1.1\r\nhost: consul.localhost\r\ncontent-length: 100000\r\n\r\n";
    stream.write_all(head.as_bytes()).await?;
    let (mut read, mut write) = stream.split();
    let trickle = async {
        while write.write_all(b"a").await.is_ok() {
            sleep(Duration::from_millis(200)).await;
        }
    };
    let mut answer = Vec::new();
    tokio::select! {
        ended = timeout(WITHIN, read.read_to_end(&mut answer)) => {
            let _ = ended.context("Traefik kept the connection")?;
        }
        () = trickle => {}
    }
    Ok(())
}

#[tokio::test]
async fn headers_have_a_limit() -> anyhow::Result<()> {
    let stack = Stack::builder().start().await?;
    let url = format!("http://{}/ui/", stack.address());
    for (bytes, status) in [(8 * 1024, 200), (64 * 1024, 431)] {
        let request = stack.client().get(&url).header("host", "consul.localhost");
        let answer = request.header("x-more", "a".repeat(bytes)).send().await?;
        ensure!(answer.status() == status, "{bytes}: {}", answer.status());
    }
    Ok(())
}
