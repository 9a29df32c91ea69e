//! A WebSocket byte by byte: it can say what no library would.

use std::time::Duration;

use anyhow::{Context, bail, ensure};
use load::raw_frames::{Frames, opcode};
use serde_json::Value;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

use crate::player::{HOST, Player};

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// The bit that says that a message ends with this frame.
pub const FIN: u8 = 0x80;

/// What a server says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heard {
    /// A message was taken.
    Sent,
    /// Something was refused.
    Error,
    /// The answer to a ping, with the same payload.
    Pong(Vec<u8>),
    /// The last word, with its code if it has one.
    Close(Option<u16>),
    /// The connection has ended.
    End,
}

/// An open WebSocket.
#[derive(Debug)]
pub struct Wire {
    stream: TcpStream,
    frames: Frames,
    heard: Vec<Heard>,
}

/// A client's frame: its first byte as it stands, its length in as few bytes as may be.
#[must_use]
pub fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    let key = [0x37, 0xfa, 0x21, 0x3d];
    let mut frame = head(first, payload.len() as u64);
    frame.extend(key);
    frame.extend(
        payload
            .iter()
            .zip(key.iter().cycle())
            .map(|(byte, key)| byte ^ key),
    );
    frame
}

/// The first bytes of a masked frame, which may claim any length.
#[must_use]
pub fn head(first: u8, length: u64) -> Vec<u8> {
    let mut head = vec![first];
    match length {
        0..126 => head.push(0x80 | length as u8),
        126..65_536 => {
            head.push(0x80 | 126);
            head.extend((length as u16).to_be_bytes());
        }
        _ => {
            head.push(0x80 | 127);
            head.extend(length.to_be_bytes());
        }
    }
    head
}

/// A close frame with this code and this reason.
#[must_use]
pub fn close(code: u16, reason: &[u8]) -> Vec<u8> {
    frame(FIN | opcode::CLOSE, &[&code.to_be_bytes(), reason].concat())
}

impl Wire {
    /// Opens a player's WebSocket.
    ///
    /// # Errors
    /// When it is refused.
    pub async fn open(player: &Player, address: &str) -> anyhow::Result<Wire> {
        let mut stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        let request = format!(
            "GET /ws HTTP/1.1\r\nHost: {HOST}\r\nCookie: {}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
            player.cookie()
        );
        stream.write_all(request.as_bytes()).await?;
        let mut answer = Vec::new();
        while !answer.ends_with(b"\r\n\r\n") {
            // Byte by byte, so that nothing of what follows is taken.
            answer.push(timeout(PATIENCE, stream.read_u8()).await??);
        }
        let answer = String::from_utf8_lossy(&answer);
        ensure!(answer.starts_with("HTTP/1.1 101 "), "{answer}");
        Ok(Wire {
            stream,
            frames: Frames::default(),
            heard: Vec::new(),
        })
    }

    /// Sends these bytes, whatever they are.
    ///
    /// # Errors
    /// When the connection is lost.
    pub async fn send(&mut self, bytes: &[u8]) -> anyhow::Result<()> {
        Ok(self.stream.write_all(bytes).await?)
    }

    /// The next that the server says to this client, and not to all.
    ///
    /// # Errors
    /// When nothing comes in time.
    pub async fn hear(&mut self) -> anyhow::Result<Heard> {
        let mut bytes = vec![0; 4096];
        while self.heard.is_empty() {
            let read = timeout(PATIENCE, self.stream.read(&mut bytes)).await;
            // A connection that ends with a reset has ended, too.
            let length = read.context("no answer came")?.unwrap_or(0);
            if length == 0 {
                return Ok(Heard::End);
            }
            let mut faults = Vec::new();
            self.frames.feed(&bytes[..length], |kind, payload| {
                match heard(kind, payload) {
                    Ok(heard) => self.heard.extend(heard),
                    Err(error) => faults.push(error),
                }
            });
            if let Some(fault) = faults.pop() {
                return Err(fault);
            }
        }
        Ok(self.heard.remove(0))
    }
}

fn heard(kind: u8, payload: &[u8]) -> anyhow::Result<Option<Heard>> {
    Ok(match kind {
        opcode::TEXT => {
            let frame: Value = serde_json::from_slice(payload)?;
            match frame["type"].as_str() {
                Some("sent") => Some(Heard::Sent),
                Some("error") => Some(Heard::Error),
                _ => None,
            }
        }
        opcode::PING => None,
        opcode::PONG => Some(Heard::Pong(payload.to_owned())),
        opcode::CLOSE => {
            let code = payload.first_chunk::<2>();
            Some(Heard::Close(code.map(|code| u16::from_be_bytes(*code))))
        }
        _ => bail!("a frame of kind {kind}"),
    })
}
