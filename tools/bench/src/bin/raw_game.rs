//! The least that a game can cost: for each eight sockets a task that writes the same ready frame to each of them, twenty times a second.
//!
//! No rules, no seats, no library for WebSockets once the hands are shaken. What comes is read and thrown away.

use std::time::Duration;

use anyhow::Context;
use clap::Parser;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    spawn,
    time::{Instant, MissedTickBehavior, interval_at},
};
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

/// Players of a match.
const SEATS: usize = 8;

/// From one tick to the next.
const TICK: Duration = Duration::from_millis(50);

/// A binary frame of 122 bytes, which is a snapshot of eight goats.
const FRAME: [u8; 124] = {
    let mut frame = [0; 124];
    (frame[0], frame[1], frame[2]) = (0x82, 122, 2);
    frame
};

#[derive(Parser)]
struct Options {
    /// Where it listens
    #[arg(long, env = "LISTEN")]
    listen: std::net::SocketAddr,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let listener = TcpListener::bind(Options::parse().listen).await?;
    let mut seated = Vec::new();
    loop {
        let (stream, _) = listener.accept().await?;
        // Somebody may only have looked whether anybody listens.
        let Ok(socket) = shake_hands(stream).await else {
            continue;
        };
        seated.push(socket);
        if seated.len() == SEATS {
            spawn(play(std::mem::take(&mut seated)));
        }
    }
}

async fn play(sockets: Vec<TcpStream>) {
    let mut ticks = interval_at(Instant::now() + TICK, TICK);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
    let mut thrown_away = [0; 1024];
    loop {
        ticks.tick().await;
        for socket in &sockets {
            // Nobody closes before the end, and what a socket does not take is not sent again.
            let _ = socket.try_read(&mut thrown_away);
            let _ = socket.try_write(&FRAME);
        }
    }
}

async fn shake_hands(mut stream: TcpStream) -> anyhow::Result<TcpStream> {
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
    Ok(stream)
}
