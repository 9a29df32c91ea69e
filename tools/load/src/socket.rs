//! Opens a WebSocket as a logged-in client.

use std::{fmt, time::Duration};

use anyhow::Context;
use futures_util::StreamExt;
use serde::Serialize;
use tokio::{
    net::{TcpSocket, TcpStream},
    time::timeout,
};
use tokio_tungstenite::{
    WebSocketStream, client_async_with_config,
    tungstenite::{
        self, ClientRequestBuilder, Message,
        protocol::{CloseFrame, WebSocketConfig},
    },
};

use crate::{login::Session, wire::Frame};

/// How long an opening may take, from the first packet to the server's first frame.
const OPENED_WITHIN: Duration = Duration::from_secs(30);

/// Bytes that each socket reads into. The library's default of 128 KiB would be 1.3 GB for 10,000 sockets.
const BUFFER: usize = 4 * 1024;

/// A client's side of a WebSocket.
pub type Socket = WebSocketStream<TcpStream>;

/// An open socket, and the replica that holds its other end.
#[derive(Debug)]
pub struct Opened {
    /// The socket, of which the first frame has been read.
    pub socket: Socket,
    /// The replica that said welcome.
    pub replica: String,
}

/// Why a socket could not be opened.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Refusal(pub String);

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Opens `/ws` and waits for the server's welcome.
///
/// # Errors
/// When the server refuses, closes, or says nothing for 30 seconds.
pub async fn open(session: &Session) -> Result<Opened, Refusal> {
    let opened = timeout(OPENED_WITHIN, async {
        let mut socket = connect(session, None).await?;
        let replica = welcome(&mut socket).await?;
        Ok(Opened { socket, replica })
    });
    opened
        .await
        .unwrap_or_else(|_| Err(Refusal("no welcome within 30 s".to_owned())))
}

/// Opens `/ws` and returns before the server has said anything. `receive_buffer` is what the kernel may keep
/// for a client that does not read, in bytes.
///
/// # Errors
/// When the server refuses.
pub async fn connect(session: &Session, receive_buffer: Option<u32>) -> Result<Socket, Refusal> {
    let stream = stream(session, receive_buffer)
        .await
        .map_err(|error| Refusal(format!("{error:#}")))?;
    let uri = format!("ws://{}/ws", session.target.host)
        .parse()
        .map_err(|error| Refusal(format!("not a host: {error}")))?;
    let request = ClientRequestBuilder::new(uri).with_header("Cookie", &session.cookie);
    let config = WebSocketConfig::default()
        .read_buffer_size(BUFFER)
        .write_buffer_size(0);
    match client_async_with_config(request, stream, Some(config)).await {
        Ok((socket, _)) => Ok(socket),
        Err(tungstenite::Error::Http(response)) => {
            let body = response.body().as_deref().unwrap_or_default();
            let body = String::from_utf8_lossy(body);
            Err(Refusal(format!("{} {}", response.status(), body.trim())))
        }
        Err(error) => Err(Refusal(error.to_string())),
    }
}

async fn stream(session: &Session, receive_buffer: Option<u32>) -> anyhow::Result<TcpStream> {
    let address = session.target.address;
    let socket = if address.is_ipv4() {
        TcpSocket::new_v4()
    } else {
        TcpSocket::new_v6()
    };
    let socket = socket.context("cannot make a socket")?;
    if let Some(bytes) = receive_buffer {
        // Must be set before connecting: the window is negotiated then.
        socket
            .set_recv_buffer_size(bytes)
            .context("cannot set a receive buffer")?;
    }
    let stream = socket
        .connect(address)
        .await
        .with_context(|| format!("cannot connect to {address}"))?;
    stream
        .set_nodelay(true)
        .context("cannot turn Nagle's algorithm off")?;
    Ok(stream)
}

async fn welcome(socket: &mut Socket) -> Result<String, Refusal> {
    loop {
        match socket.next().await {
            Some(Ok(Message::Text(text))) => {
                let frame: Frame<'_> = serde_json::from_str(&text)
                    .map_err(|error| Refusal(format!("a frame that is no JSON: {error}")))?;
                if frame.kind == "welcome" {
                    let replica = frame.replica.as_deref().unwrap_or("without a name");
                    return Ok(replica.to_owned());
                }
            }
            Some(Ok(Message::Close(frame))) => return Err(Refusal(close_reason(frame.as_ref()))),
            Some(Ok(_)) => {}
            Some(Err(error)) => return Err(Refusal(error.to_string())),
            None => return Err(Refusal("closed without a word".to_owned())),
        }
    }
}

/// A close frame in words: its code first, so that closes can be counted by code.
#[must_use]
pub fn close_reason(frame: Option<&CloseFrame>) -> String {
    match frame {
        Some(frame) if frame.reason.is_empty() => u16::from(frame.code).to_string(),
        Some(frame) => format!("{} {}", u16::from(frame.code), frame.reason),
        None => "closed without a code".to_owned(),
    }
}
