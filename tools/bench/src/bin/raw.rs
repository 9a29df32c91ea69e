//! A baseline for the benchmark: the least that fan-out can cost.
//!
//! A loop that writes ready-made frames: whatever has come from Redis becomes one frame, and its bytes are written to
//! each socket. No router, no sessions, no task for each socket, and nothing is ever read. See the README of this
//! crate.

use std::{
    cell::RefCell,
    io::{ErrorKind, Write},
    net::TcpStream,
    rc::Rc,
};

use anyhow::Context;
use bench::baseline::Options;
use clap::Parser;
use futures_util::StreamExt;
use load::publisher::CHANNEL;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
    task::{LocalSet, spawn_local},
};
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

/// The most messages that are written at once.
const BATCH: usize = 256;

type Sockets = Rc<RefCell<Vec<TcpStream>>>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let options = Options::parse();
    let client = redis::Client::open(options.pubsub_url).context("not the URL of a Redis")?;
    let mut pubsub = client.get_async_pubsub().await?;
    pubsub.subscribe(CHANNEL).await?;
    let listener = TcpListener::bind(options.listen).await?;
    let sockets = Sockets::default();
    let accepting = LocalSet::new();
    accepting.spawn_local(accept(listener, Rc::clone(&sockets)));
    accepting
        .run_until(async {
            let mut batches = pubsub.on_message().ready_chunks(BATCH);
            while let Some(batch) = batches.next().await {
                let payloads = batch.iter().map(redis::Msg::get_payload_bytes);
                let frame = frame(payloads.collect::<Vec<_>>().as_slice());
                sockets
                    .borrow_mut()
                    .retain_mut(|socket| write(socket, &frame));
            }
        })
        .await;
    Ok(())
}

async fn accept(listener: TcpListener, sockets: Sockets) {
    while let Ok((stream, _)) = listener.accept().await {
        let sockets = Rc::clone(&sockets);
        spawn_local(async move {
            if let Ok(socket) = shake_hands(stream).await {
                sockets.borrow_mut().push(socket);
            }
        });
    }
}

async fn shake_hands(mut stream: tokio::net::TcpStream) -> anyhow::Result<TcpStream> {
    let mut request = Vec::new();
    while !request.ends_with(b"\r\n\r\n") {
        if stream.read_buf(&mut request).await? == 0 {
            anyhow::bail!("closed before the end of the request");
        }
    }
    let request = String::from_utf8(request)?;
    let key = request
        .lines()
        .find_map(|line| line.strip_prefix("Sec-WebSocket-Key: "))
        .context("no key")?;
    let answer = format!(
        "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: {}\r\n\r\n",
        derive_accept_key(key.as_bytes())
    );
    stream.write_all(answer.as_bytes()).await?;
    stream.set_nodelay(true)?;
    // It stays non-blocking.
    Ok(stream.into_std()?)
}

/// False when the socket is closed, or its client reads too slowly to take the whole frame.
fn write(socket: &mut TcpStream, frame: &[u8]) -> bool {
    match socket.write(frame) {
        Ok(written) => written == frame.len(),
        Err(error) => error.kind() == ErrorKind::Interrupted,
    }
}

fn frame(messages: &[&[u8]]) -> Vec<u8> {
    let payload = [
        br#"{"type":"messages","replica":"raw","messages":["#.as_slice(),
        &messages.join(&b","[..]),
        b"]}",
    ]
    .concat();
    let mut frame = vec![0x81];
    match payload.len() {
        length @ 0..126 => frame.push(length as u8),
        length @ 126..65_536 => {
            frame.push(126);
            frame.extend((length as u16).to_be_bytes());
        }
        length => {
            frame.push(127);
            frame.extend((length as u64).to_be_bytes());
        }
    }
    frame.extend(payload);
    frame
}
