//! Clients that are slow on purpose, or broken, are let go, each in the end.

use std::time::Duration;

use anyhow::{Context, ensure};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::{sleep, timeout},
};

use super::{first, one_replica};

/// Longer than the server waits for anything.
const WITHIN: Duration = Duration::from_secs(40);

/// What comes until the server closes the connection.
async fn until_closed(stream: &mut TcpStream) -> anyhow::Result<String> {
    let mut answer = Vec::new();
    let read = timeout(WITHIN, stream.read_to_end(&mut answer)).await;
    // Closed by an error is closed, too.
    let _ = read.context("the server kept the connection")?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

#[tokio::test]
async fn half_a_header_is_not_waited_for() -> anyhow::Result<()> {
    let stack = one_replica().await?;
    let address = first(&stack)?.address();
    for begun in ["", "GET / HT", "GET / HTTP/1.1\r\nhost: a\r\nx-more: "] {
        let mut stream = TcpStream::connect(address).await?;
        stream.write_all(begun.as_bytes()).await?;
        let answer = until_closed(&mut stream).await?;
        ensure!(!answer.starts_with("HTTP/1.1 200"), "{begun:?}: {answer}");
    }
    Ok(())
}

#[tokio::test]
async fn a_body_that_trickles_is_given_up() -> anyhow::Result<()> {
    let stack = one_replica().await?;
    let mut stream = TcpStream::connect(first(&stack)?.address()).await?;
    let head = "POST /api/whoami HTTP/1.1\r\nhost: a\r\ncontent-length: 1000\r\n\r\n";
    stream.write_all(head.as_bytes()).await?;
    let (mut read, mut write) = stream.split();
    let trickle = async {
        while write.write_all(b"a").await.is_ok() {
            sleep(Duration::from_millis(200)).await;
        }
    };
    let mut answer = vec![0; 4096];
    let answered = tokio::select! {
        answered = timeout(WITHIN, read.read(&mut answer)) => answered,
        () = trickle => anyhow::bail!("it was cut off without an answer"),
    };
    let length = answered.context("it was waited for")??;
    let answer = String::from_utf8_lossy(&answer[..length]).into_owned();
    ensure!(answer.starts_with("HTTP/1.1 408"), "{answer}");
    Ok(())
}

#[tokio::test]
async fn a_client_that_never_reads_is_let_go() -> anyhow::Result<()> {
    let stack = one_replica().await?;
    let mut stream = TcpStream::connect(first(&stack)?.address()).await?;
    // It asks on and on. When nothing more fits on the way back the server stops reading, and then writing fails here.
    let asked = async {
        while stream
            .write_all(b"GET / HTTP/1.1\r\nhost: a\r\n\r\n")
            .await
            .is_ok()
        {}
    };
    timeout(WITHIN, asked)
        .await
        .context("the server kept the connection")
}
